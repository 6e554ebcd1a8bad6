# Rules about evaluating and the course of the training.

evaluation-in-training-mode-found = An evaluation ran in training mode: { $layer ->
        [dropout] dropout ({ $name }) was dropping values
       *[other] batch normalisation ({ $name }) used, and learned from, the batch's own mean
    }, so the figure is not the model's.
evaluation-in-training-mode-why = no_grad() switches off gradients, not dropout or batch normalisation. Those follow model.train() and model.eval().
evaluation-in-training-mode-fix = Call model.eval() before the evaluation and model.train() after it.

training-mode-lost-found = From step { $step } on { $names } trained in evaluation mode: eval() was called, and train() was not called again.
training-mode-lost-found-never = { $names } trained in evaluation mode in every step: the normalisation goes by a mean of 0 and a variance of 1, which no data have set.
training-mode-lost-why = In evaluation mode dropout is off, and batch normalisation uses its stored figures and learns none.
training-mode-lost-fix = Call model.train() after each evaluation, or at the start of each epoch.

loss-stands-still-found = The loss does not fall: { $first } at first, { $last } at last, in { $steps } steps.
loss-stands-still-why = Gradients flow and nothing gets better: the inputs carry no information on the target, the model cannot express it, or the learning rate does not fit.
loss-stands-still-fix = First put right what other rules found. Then try to fit ten examples only: if even that fails, look at data and labels.

floor-division-found = { $part } // { $whole } is 0: // leaves whole numbers only, so the figure is 0 until everything is right.
floor-division-found-rate = The learning rate is 0 in nearly all steps: { $division } leaves whole numbers only.
floor-division-found-data = { $expression } divides whole numbers and leaves 0 of each of them: nothing of the data is left.
floor-division-why = // rounds down to a whole number. A share lies between 0 and 1, so nothing is left of it.
floor-division-fix = Use /.

evaluation-with-graph-found = An evaluation builds a graph that no backward pass uses ({ $count } times): it costs memory and time.
evaluation-with-graph-why = With gradients on, every op keeps what its derivative would need, until its result is dropped.
evaluation-with-graph-fix = Evaluate under with torch.no_grad(): (or torch.inference_mode()).

overfitting-found = { $how ->
        [apart] After step { $step } the loss on the other data falls no more: it stands at { $last } (at best { $best }), while the training loss falls from { $before } to { $after }.
       *[rises] After step { $step } the loss on the other data rises from { $best } to { $last }, while the training loss falls from { $before } to { $after }.
    }
overfitting-why = From there on the model learns what is special in the training examples, and not what holds for others.
overfitting-fix = Keep the weights of the best step; use more data, weight decay, dropout or a smaller model.

leaked-validation-found-number = Column { $column } of the input is the number that is to be predicted, in every example.
leaked-validation-found-label = Column { $column } of the input tells the target of every example by itself: one number for each class.
leaked-validation-fix-label = Leave the column out of the input, unless it is known when the model is used.
leaked-validation-found = { $percent } % of the examples that the model is judged on are among those that it was trained on.
leaked-validation-why = A model may know its training examples by heart. Only examples that it has never seen show what it can do.
leaked-validation-fix = Split the data once, before training, and train on the one part only.

constant-output-found = The model predicts the same for every example of a batch, whatever the input.
constant-output-why = With equal predictions the best that the loss can reach is the mean of the targets. The input does not get through: dead or saturated units, inputs that do not differ, or weights decayed to 0.
constant-output-fix = Follow one input through the layers and see where all examples become equal.

metric-disagrees-found = The loss falls, and the share of right predictions falls too: from { $first } % to { $last } %.
metric-disagrees-found-still = The loss falls from { $from } to { $to }, and the share of right predictions stays at { $last } %.
metric-disagrees-why = What is minimised and what is counted then do not mean the same: other labels, another dimension of argmax, another threshold or sign.
metric-disagrees-fix = Compare the loss and the accuracy for one example by hand.
