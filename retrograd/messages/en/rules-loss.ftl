# Rules about the loss, shapes and dtypes.

softmax-before-cross-entropy-found = The cross-entropy gets probabilities: a softmax ({ $line }) made them, and cross_entropy takes the softmax again. With { $classes } classes the loss cannot go below { $floor }.
softmax-before-cross-entropy-why = cross_entropy takes raw scores and applies log-softmax itself. Taken twice, the softmax flattens the scores into a range of 0 to 1, so the gradients are small and the loss has a floor far above 0.
softmax-before-cross-entropy-fix = Pass the raw scores; take the softmax only to show probabilities.

sigmoid-before-logits-loss-found = BCEWithLogits gets probabilities: { $op } ({ $line }) made them, and the loss takes the sigmoid again, so it can only predict between 0.5 and 0.731.
sigmoid-before-logits-loss-why = binary_cross_entropy_with_logits takes raw scores and applies the sigmoid itself.
sigmoid-before-logits-loss-fix = Drop the sigmoid() before the loss, or use BCELoss.

broadcast-loss-found = Shapes { $one } and { $other } were spread to { $square }: the loss compares each of { $count } predictions with each of { $count } targets ({ $pairs } pairs), and the best answer is the mean for all.
broadcast-loss-why = A column (N, 1) and a row (N,) broadcast to a square (N, N). Every prediction is pulled to every target, so the model learns to predict the mean, silently.
broadcast-loss-fix = Give both the same shape: prediction.squeeze(1), or target.unsqueeze(1) (target.view(-1, 1)).
