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
note-soft-margin-overflow = PyTorch divides exp(−target·x) by itself plus 1. In float32 the exponential passes the largest number where target·x lies below −88: the gradient there is ∞/∞, which is NaN, although its limit is −target.
note-one-index = The whole gradient goes to the one element whose index was returned.
note-std-at-zero = Where all values are equal the standard deviation is 0 and has a kink; PyTorch takes the gradient 0 there.
note-uninitialised = The new tensor holds whatever was in memory before: its numbers have no reason.
reason-saved-values-unseen = PyTorch computed from values that this node kept and that the recording does not have: a hook on saved tensors may have changed them
reason-formula-failed = the formula could not be computed from the recorded arguments

# What is special in the numbers of one event.

special-nan-born-value = NaN begins here: { $count } of { $total } results have no value although everything that goes in has one.
special-nan-born-gradient = NaN begins here: { $count } of { $total } gradients that go out have no value although all numbers that they are made of have one.
special-nan-travels-value = NaN came in and travels on, into { $count } of { $total } results: every sum and product with NaN is NaN.
special-nan-travels-gradient = NaN came in and travels on, into { $count } of { $total } gradients: every sum and product with NaN is NaN, 0·NaN too.
special-inf-born-value = { $count } of { $total } results are infinite.
special-inf-born-gradient = { $count } of { $total } gradients that go out are infinite although all numbers that they are made of are finite.
special-inf-travels-value = An infinity came in and travels on, into { $count } of { $total } results.
special-inf-travels-gradient = An infinity came in and travels on, into { $count } of { $total } gradients.
special-of-infinities = ∞−∞, 0·∞ and ∞/∞ have no value: floating-point arithmetic (IEEE 754) gives NaN for them.
special-slope = The local derivative is infinite or has no value there (a root at 0, a division by 0, a number too large), and the chain rule multiplies by it: 0·∞ is NaN.
special-no-value = No real number fits: 0/0, a mean over nothing, a root of a negative number, or a number outside of what the function takes.
special-overflow = A number on the way is too large for { $dtype }: its largest is { $largest }, and what lies beyond becomes infinite.
special-log-zero = ln 0 is −∞: PyTorch gives the limit and raises no error.
special-log-negative = A negative number has no real logarithm.
special-root-negative = A negative number has no real square root.
special-divided-by-zero = Floating-point arithmetic (IEEE 754) divides by 0 without an error: x/0 is ±∞, and 0/0 is NaN.
special-log-cut = { $count } of { $total } probabilities are exactly 0 or 1 and not the target: ln 0 would be −∞, and PyTorch counts −100 instead, so the loss stays finite.
special-steepest = { $count } of { $total } probabilities are exactly 0 or 1 and not the target: p·(1 − p) is 0 there and PyTorch divides by 10⁻¹², so the gradient is huge. A sigmoid before it multiplies by 0 and lets nothing of it through.
special-saturated-sigmoid = { $count } of { $total } results are exactly 0 or 1, rounded: the slope y·(1 − y) is exactly 0 there, and no gradient passes, however wrong the result is.
special-saturated-tanh = { $count } of { $total } results are exactly −1 or 1, rounded: the slope 1 − y² is exactly 0 there, and no gradient passes.
special-relu-off = { $count } of { $total } results are 0: the slope is 0 there, and what lies before learns nothing from them.
special-ties = In { $count } of { $total } results several elements are equal and win.
special-equal = { $count } of { $total } pairs are equal.
special-counts-of-others = { $count } of { $total } indices: scale_grad_by_freq is to divide by how often the index occurs, but PyTorch reads the wrong place of its list of counts and divides by how often another index does.
