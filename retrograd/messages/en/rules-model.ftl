# Rules about the model: layers, activations, their starting values.

missing-nonlinearity-found = { $what ->
        [linear] Two layers follow each other with nothing between them ({ $line } and here): together they are one linear layer.
       *[other] A ReLU is applied to what a ReLU ({ $line }) returned: the second one does nothing.
    }
missing-nonlinearity-why = A linear map of a linear map is a linear map: without a function between them more layers express nothing more.
missing-nonlinearity-fix = Put a ReLU, GELU or tanh between the layers, and only one.

mixed-up-layout-found-last = A convolution takes data of shape { $shape } as N×C×H×W: the rows of the images stand in the place of the channels, and the channels in the last.
mixed-up-layout-fix-last = Give the convolution x.permute(0, 3, 1, 2).
mixed-up-layout-found-time = A recurrent layer takes the first dimension, { $rows }, for time: it walks from example to example, and the { $steps } steps of each lie beside each other.
mixed-up-layout-fix-time = Make the layer with batch_first=True, or give it x.transpose(0, 1).
mixed-up-layout-found = A view turns images of shape { $one } into { $other } without moving a number: channels, rows and columns are mixed up.
mixed-up-layout-why = view() and reshape() keep the order in memory. To change the order of dimensions, the numbers have to be read in another order.
mixed-up-layout-fix = Use x.permute(0, 3, 1, 2) in place of the view.

activation-scale-found = The activations spread by { $first } in the first layer and by { $last } in the last one: each layer changes their scale.
activation-scale-why = Where every layer stretches or shrinks what it gets, the gradients on the way back are stretched or shrunk alike.
activation-scale-fix = Use the initialisation for the activation (kaiming for ReLU, xavier for tanh), or normalisation layers.

initial-scale-found = { $name } starts with a standard deviation of { $std }; for its number of inputs { $usual } keeps the scale with ReLU.
initial-scale-found-scheme = { $expression } is made for other activations than ReLU, which takes half of the signal in each layer: through all layers hardly anything is left of it.
initial-scale-why = A unit adds up as many products as it has inputs. With weights of the wrong size the sums blow up or vanish from layer to layer.
initial-scale-fix = Leave PyTorch's initialisation, or use nn.init.kaiming_normal_ (ReLU) or nn.init.xavier_normal_ (tanh).

layer-settings-found = { $what ->
        [dropout] Dropout drops { $number } of all values, more than half.
        [order] A batch normalisation comes right after a dropout: what it learns while values are dropped does not fit when they are not.
       *[bias] A layer with a bias stands before a batch normalisation, which subtracts the mean and the bias with it.
    }
layer-settings-why = Dropping changes the variance of what comes after, and only while training. A bias before a mean is subtracted does nothing.
layer-settings-fix = Dropout of 0.1 to 0.5, after the normalisation; bias=False before a batch normalisation.

weights-diverge-found = { $names } have grown { $times } times and go on growing, and the loss { $endless ->
        [yes] falls below zero without end.
       *[no] does not fall.
    }
weights-diverge-why = Weights that only grow follow no minimum: the steps are too large, or the loss has none.
weights-diverge-fix = Lower the learning rate, check the sign of the loss, and use weight decay.

linear-model-stuck-found = The gradients are almost 0, the loss is { $loss }, and guessing would give { $guess }: this is the best that a linear model can do here.
linear-model-stuck-why = A single layer draws one straight border. XOR, for one, has none: the best line is no line at all.
linear-model-stuck-fix = Add a hidden layer with a ReLU or tanh, or features that hold the products.

small-batch-norm-found = { $what ->
        [small] The batch normalisation ({ $name }) averages over { $values } values only: mean and variance are mostly chance.
       *[again] The batch normalisation ({ $name }) is used twice in one forward pass: one pair of running figures stands for two places.
    }
small-batch-norm-why = Batch normalisation estimates mean and variance from the batch, and keeps one running estimate for evaluation.
small-batch-norm-fix = Use larger batches, GroupNorm or LayerNorm, and a normalisation of its own for each place.
