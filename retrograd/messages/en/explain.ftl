# Explaining a step: titles, and why things happen.

event-op = { $result }: { $operation }
event-backward = { $root }.backward(): start with ∂{ $root }/∂{ $root } = 1
event-grad = torch.autograd.grad from { $root }
event-node = { $node }
event-node-of = { $node }: back through { $result } = { $operation }(…)
event-accumulate-first = { $parameter }.grad is filled
event-accumulate = { $parameter }.grad grows
event-zero-grad = { $owner }.zero_grad()
event-grad-change = { $parameter }.grad was changed
event-step = { $optimizer }.step()
event-update = { $optimizer } updates { $parameter }
event-opaque = { $name }
event-other = { $kind }

note-from-python = These numbers were given: Python's lists became a tensor.
note-summed = { $gradients }: one number was used in several places (broadcast), each of them changes the loss, and so its gradient is the sum over all of them.
note-node = For the backward pass PyTorch records { $node }.
note-node-saves = For the backward pass PyTorch records { $node } and keeps { $saved }.
note-backward-start = The chain rule starts at { $root } and needs one number there: how much { $root } changes with itself, 1. From a tensor of several numbers it could not start by itself: there would be no single quantity to lower.
note-graph-kept = The graph is kept: another backward pass may go through it.
note-accumulate-first = There was no { $parameter }.grad yet, so the contribution becomes it.
note-accumulate = backward() adds to what { $parameter }.grad held. Without zero_grad() in each step, gradients of earlier steps would stay in the sum.
note-zero-grad-none = Each .grad is set to None. backward() only ever adds to .grad, so what the step before left there would count again.
note-zero-grad-zero = Each .grad is filled with 0. backward() only ever adds to .grad, so what the step before left there would count again.
note-zero-grad-nothing = There was no .grad to clear.
note-step = { $optimizer } never sees the loss. It reads the .grad of each of its parameters, the very cells that backward() filled, and changes the parameters in place.
note-opaque = What runs in here cannot be seen from outside: only what goes in and out is known.

reason-opaque-node = a custom autograd.Function: its backward is the user's own code, and has no formula here
reason-no-op-recorded = the op that created this node was not recorded
reason-no-rule-yet = no derivative rule for this op yet; the numbers are PyTorch's own
reason-no-gradient-recorded = no gradient went out
reason-values-not-kept = not all elements were kept (record with --keep to have them)
reason-no-contribution = no gradient came in
reason-grad-consumed = a hook used up .grad at once
reason-random = random numbers: there is nothing to recompute
reason-order-unspecified = PyTorch leaves open where NaN stands in the order
reason-uninitialised = uninitialised memory: there is nothing to recompute
reason-no-output-recorded = it gives no new tensor: there is nothing to compare
reason-argument-without-formula = the rule has no formula for one of the arguments
reason-output-without-formula = the rule has no formula for one of the outputs
reason-unknown-optimizer = not an optimizer of torch.optim: its arithmetic is not known
reason-other = { $reason }
reason-lbfgs = LBFGS searches along a line and calls the closure several times: no single formula gives the new value
reason-bfloat16-inside = Muon computes its update in bfloat16, and here its roundings, which depend on the machine, may come to more than a twentieth of the update; its momentum was recomputed
reason-extreme-numbers = numbers near the ends of the dtype's range, whose squares it cannot hold: which intermediate result overflows or loses its digits is up to the order of the operations
reason-not-finite-open = NaN or infinities go in, and PyTorch's kernel does with them what the formula does not: what 0·∞ or a comparison with NaN comes to differs even between its own kernels
reason-nothing-to-compare = nothing that went out was recorded with its elements
reason-not-positive-definite = the matrix is not positive definite and has no such factor; PyTorch leaves what it had computed until it saw that
reason-view-without-base = the tensor that this is a view of was not recorded
reason-outside-the-tensor = the view reads memory outside the tensor that was recorded
