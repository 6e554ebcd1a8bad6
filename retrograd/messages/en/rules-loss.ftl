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

bce-on-logits-found = BCELoss got numbers outside of 0 to 1: raw scores, where it takes probabilities.
bce-on-logits-why = BCELoss takes the logarithm of p and of 1 − p, so p must be a probability.
bce-on-logits-fix = Use BCEWithLogitsLoss on the raw scores, or put a sigmoid before BCELoss.

target-dtype-found = The target has a dtype or form that this loss does not take.
target-dtype-why = Classes are whole numbers (torch.long) of shape (N,); values to meet are floating point, in the prediction's dtype and shape.
target-dtype-fix = For cross_entropy: y.long(), from one-hot y.argmax(1). For MSE and BCE: y.float().

integer-values-found = Whole numbers stand where floating point is needed.
integer-values-why = A derivative needs numbers that can change a little. torch.tensor([0, 1]) holds whole numbers.
integer-values-fix = Write torch.tensor([0.0, 1.0]), or x.float().

nll-without-log-softmax-found = { $what ->
        [across] The log_softmax before this nll_loss goes over the examples of the batch: each class is compared across examples, not each example across classes.
        [probabilities] nll_loss got probabilities where it takes log-probabilities: the loss is negative, and falls without end or stands still.
        [picked] The loss is minus the raw score of the right class, where a likelihood takes its log-probability: it becomes negative and falls without end, for the score alone can grow, whatever the other scores do.
       *[other] nll_loss got raw scores where it takes log-probabilities: the loss is negative, and falls without end or stands still.
    }
nll-without-log-softmax-why = nll_loss only picks the number of the right class and negates it. It takes what log_softmax returns.
nll-without-log-softmax-fix = Use cross_entropy on the raw scores, or log_softmax over the classes (dim=1) before nll_loss.

saturated-probability-found = { $wrong } of { $count } probabilities are exactly 0 or 1 and wrong: BCELoss counts 100 for each, and the sigmoid hands back a gradient of 0.
saturated-probability-why = In float32 the sigmoid of 17 is exactly 1. Its derivative there is 0, so the most wrong answers learn nothing, and the loss stands at a multiple of 100/N.
saturated-probability-fix = Use BCEWithLogitsLoss on the raw scores, which keeps the gradient, and lower the learning rate.

broadcast-accuracy-found = A comparison of shapes { $one } and { $other } compares { $pairs } pairs, not { $count }: the count of hits means nothing.
broadcast-accuracy-why = A column (N, 1) and a row (N,) broadcast to a square. The accuracy counts every pair and can pass 100 %.
broadcast-accuracy-fix = Compare equal shapes: prediction.squeeze(1) == y.

target-out-of-reach-found = { $op } can only give values from { $low } to { $high }, and the targets lie between { $least } and { $most }: many can never be reached.
target-out-of-reach-found-alone = { $expression } is a softmax over one score: it is 1 whatever the score, its derivative is 0, and it sends zeros to { $names }.
target-out-of-reach-found-one = cross_entropy got a single class: its softmax is always 1, so the loss is always 0 and so is every gradient.
target-out-of-reach-found-class = The label { $label } names a class for which the model has no output: labels count from 0.
target-out-of-reach-why = The last activation and the loss set what can be predicted. A target beyond it pulls the output to the edge, where the derivative vanishes, or makes BCE fall without end.
target-out-of-reach-fix-alone = One score needs a sigmoid, or none at all with BCEWithLogitsLoss; softmax needs one score for each class.
target-out-of-reach-fix = Leave the last activation out for free values, scale the targets into its range, use labels 0 and 1 for BCE, and one output for each class.

likelihood-minimised-found = The loss is a log-likelihood without its minus sign: it is negative and falls from { $first } to { $last }, so the right answers get less and less likely.
likelihood-minimised-found-kl = kl_div takes log-probabilities first, and got probabilities: what it gives is no divergence, and is not smallest where both agree.
likelihood-minimised-found-divergence = A divergence counts with a minus: exp(v) is to grow and v to fall, so it falls for ever and drives the two distributions apart.
likelihood-minimised-found-unlimited = { $expression } counts with a minus and can grow for ever: the loss has no lowest value, and falls from { $first } to { $last }.
likelihood-minimised-fix-unlimited = Give it a limit, as a margin does: torch.relu(near - far + margin).mean().
likelihood-minimised-fix-divergence = Turn its sign: -0.5 * (1 + logvar - mu**2 - logvar.exp()), which is never below 0.
likelihood-minimised-fix-kl = Pass F.log_softmax(scores, dim=1) as the first argument and the target's probabilities as the second.
likelihood-minimised-why = The log of a probability is negative and 0 is its best value. To make it larger, its negative has to get smaller.
likelihood-minimised-fix = Put a minus in front: loss = -(y * p.log() + (1 - y) * (1 - p).log()).mean(), or use the built-in loss.

activated-logits-found = { $op } stands between the last layer and the loss, which takes raw scores: { $op ->
        [relu] all negative scores become 0 and get no gradient.
       *[other] the scores cannot leave a small range, so the model cannot be sure.
    }
activated-logits-why = cross_entropy and BCEWithLogits apply softmax or sigmoid themselves, and need scores from −∞ to ∞.
activated-logits-fix = Leave the last activation out.

squared-error-of-probability-found = A squared error is taken of the output of { $op } against labels 0 and 1: wrong answers that are sure hardly get a gradient.
squared-error-of-probability-why = The derivative of the squared error contains the one of the sigmoid, which vanishes near 0 and 1. In the cross-entropy it cancels.
squared-error-of-probability-fix = Use BCEWithLogitsLoss (or cross_entropy) on the raw scores.

summed-loss-found = The loss is a sum over { $rows } rows of the batch: gradients are as many times larger, and change with the batch size.
summed-loss-why = With a sum the right learning rate depends on the size of the batch. The last, smaller batch then counts less.
summed-loss-fix = Take the mean, or divide the learning rate by the size of the batch.

penalty-dominates-found = The penalty on the weights ({ $penalty }) is larger than the loss itself ({ $loss }): the weights are shrunk more than they are taught.
penalty-dominates-found-decay = The weight decay ({ $decay }) adds { $times } times as much to the gradients as the loss does: the weights are shrunk more than they are taught.
penalty-dominates-found-shrink = Weight decay makes every weight { $percent } % smaller in each step: the model stays near guessing.
penalty-dominates-found-summed = This term is a sum over all { $rows } examples of a batch, beside a loss that is a mean and stays what guessing would give: the sum decides.
penalty-dominates-fix-summed = Take the mean over the batch in both: torch.sum(…, dim=1).mean(), or divide the sum by the number of examples.
penalty-dominates-why = A penalty is meant to correct the loss. Where it is the larger part, the best weights are those near 0.
penalty-dominates-fix = Give the penalty a smaller factor.
