# What PyTorch does where mathematics leaves a choice, and why.

note-flat-between-jumps = The result is flat between its jumps, so its derivative is 0 everywhere: no gradient passes, and nothing before this op learns from this path.
note-root-at-zero = The slope of the root grows without bound towards 0: at exactly 0 it is infinite, and infinity times 0 further back becomes NaN.
note-power-zero = With exponent 0 the result is 1 everywhere, so its derivative is 0, even at 0⁰.
note-clamp-inclusive = Where the value lies within the bounds, the bounds included, the gradient passes; outside it is cut to 0.
note-ties-share-evenly = Where several are equal and largest (or smallest), the gradient is shared evenly among them.
note-ties-go-to-self = Where both are equal, the gradient goes to the first of the two.
note-abs-at-zero = |x| has a kink at 0; PyTorch takes the slope 0 there.
note-relu-at-zero = At exactly 0 there is a kink; PyTorch takes the slope of the flat side there, 0 for relu.
note-kink-outside = At its kinks PyTorch counts the value as outside: the slope there is 0.
note-max-first-of-ties = Where several are equal and largest, the whole gradient goes to the one whose index was returned.
note-grid-sample-at-border = At the border of the image the interpolation has a kink; PyTorch takes the slope of the side that it samples from.
note-batch-norm-saved-statistics = In training mode mean and variance depend on every example of the batch, so each example's gradient holds a share of all others.
note-bce-log-clamped = BCELoss cuts its logarithms off at −100, so the loss stays finite for a probability of exactly 0 or 1. Backwards it divides by p·(1 − p), at least 10⁻¹².
note-ctc-softmax-included = PyTorch's formula already counts on log_softmax before it: the gradient is the one that log_softmax would pass on.
note-norm-at-zero = The norm has a kink at 0; PyTorch takes the gradient 0 there.
note-one-index = The whole gradient goes to the one element whose index was returned.
note-std-at-zero = Where all values are equal the standard deviation is 0 and has a kink; PyTorch takes the gradient 0 there.
note-uninitialised = The new tensor holds whatever was in memory before: its numbers have no reason.
reason-saved-values-unseen = PyTorch computed from values that this node kept and that the recording does not have: a hook on saved tensors may have changed them
reason-formula-failed = the formula could not be computed from the recorded arguments
