# Explaining a step: titles, and why things happen.

phase-forward = forward: the model computes the loss, and PyTorch writes down how
phase-outside = outside training: nothing is recorded for a backward pass
phase-backward = backward(): the chain rule, from the loss back to every parameter
phase-zero_grad = zero_grad(): the gradients of the step before are cleared
phase-optimizer = step(): the optimizer reads .grad and changes the parameters

checked = ✓ recomputed without PyTorch; the largest difference is { $difference }
wrong = ✗ WRONG: recomputed without PyTorch, { $difference } apart where { $tolerance } is allowed
not-checked = not checked: { $reason }
