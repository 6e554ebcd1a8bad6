# Rules about evaluating and the course of the training.

evaluation-in-training-mode-found = An evaluation ran in training mode: { $layer ->
        [dropout] dropout ({ $name }) was dropping values
       *[other] batch normalisation ({ $name }) used, and learned from, the batch's own mean
    }, so the figure is not the model's.
evaluation-in-training-mode-why = no_grad() switches off gradients, not dropout or batch normalisation. Those follow model.train() and model.eval().
evaluation-in-training-mode-fix = Call model.eval() before the evaluation and model.train() after it.

training-mode-lost-found = From step { $step } on { $names } trained in evaluation mode: eval() was called, and train() was not called again.
training-mode-lost-why = In evaluation mode dropout is off, and batch normalisation uses its stored figures and learns none.
training-mode-lost-fix = Call model.train() after each evaluation, or at the start of each epoch.

loss-stands-still-found = The loss does not fall: { $first } at first, { $last } at last, in { $steps } steps.
loss-stands-still-why = Gradients flow and nothing gets better: the inputs carry no information on the target, the model cannot express it, or the learning rate does not fit.
loss-stands-still-fix = First put right what other rules found. Then try to fit ten examples only: if even that fails, look at data and labels.

floor-division-found = { $part } // { $whole } is 0: // leaves whole numbers only, so the figure is 0 until everything is right.
floor-division-why = // rounds down to a whole number. A share lies between 0 and 1, so nothing is left of it.
floor-division-fix = Use /.

evaluation-with-graph-found = An evaluation builds a graph that no backward pass uses ({ $count } times): it costs memory and time.
evaluation-with-graph-why = With gradients on, every op keeps what its derivative would need, until its result is dropped.
evaluation-with-graph-fix = Evaluate under with torch.no_grad(): (or torch.inference_mode()).
