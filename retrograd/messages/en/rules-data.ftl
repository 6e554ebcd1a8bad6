# Rules about the data.

one-class-batches-found = { $how ->
        [sorted] The labels rise from batch to batch: the data come sorted by label, and the model learns a few classes after the other.
       *[one] { $count } of { $batches } batches hold one class only: the data come sorted by label, and the model learns one class after the other.
    }
one-class-batches-why = Each step pulls the model towards the classes of its batch. Batches of a single class pull it back and forth, and the last class seen wins.
one-class-batches-fix = Shuffle the training data: DataLoader(…, shuffle=True), or torch.randperm.

inputs-not-scaled-found = { $what ->
        [large] The inputs reach from { $least } to { $most }: the first layer gets numbers far from 0 and 1.
        [target] The targets are as large as { $most }, and the predictions reach { $least } at most: the model has a long way to go, and its loss does not fall.
       *[uneven] The features have standard deviations from { $least } to { $most }: one learning rate cannot fit all of them.
    }
inputs-not-scaled-why = The gradient of a weight is multiplied by its input. Large inputs make large steps for some weights and tiny ones for others.
inputs-not-scaled-fix = Scale the inputs: (x - x.mean(0)) / x.std(0), with the training data's figures; images / 255.
inputs-not-scaled-fix-target = Train on (y - y.mean()) / y.std(), and turn the predictions back where they are used.

constant-data-found = { $what ->
        [example] All examples of all batches are the same: there is nothing to tell apart.
        [target] The target is { $columns } in every example: there is nothing to learn from it.
        [part] Every step trains on the same { $count } rows of the { $all } of { $columns }, and nothing else of it is ever used.
       *[feature] These columns of the input are the same in every example: { $columns }.
    }
constant-data-why = What never differs carries no information: the weight of such a feature works like a second bias.
constant-data-fix = Check how the data were read, and drop columns that do not vary.

class-imbalance-found = Class { $most } is { $ratio } times as frequent as class { $least }, and the loss weighs each example the same.
class-imbalance-why = Always answering with the frequent class already gives a small loss and a high accuracy. The rare class hardly counts.
class-imbalance-fix = Pass weight= (cross_entropy) or pos_weight= (BCEWithLogitsLoss), or use a WeightedRandomSampler; look at the accuracy of each class.

input-ignored-found = Nothing that differs from example to example goes into the predictions: they are made of parameters alone, and are the same for all targets.
input-ignored-why = A model that does not see its input can learn no more than what is most frequent, or the mean.
input-ignored-fix = Follow the input through forward(): it is overwritten, or another variable is passed on in its place.
