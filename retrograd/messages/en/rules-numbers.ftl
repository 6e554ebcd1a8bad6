# Rules about numbers: NaN, infinity, initial values, activations.

nonfinite-value-found = The first { $what ->
        [nan] NaN
       *[other] infinity
    } appeared in step { $step }, in { $where ->
        [backward] the backward pass
        [update] the update of a parameter
       *[other] the forward pass
    }, in { $expression }; it begins at { $begins }.
nonfinite-value-found-light = The loss is NaN or infinite from step { $step } on; that step was recorded light. To see where it begins, run again with --steps { $step }.
nonfinite-value-why = One NaN spreads: everything computed from it is NaN, and after the next step() so are the weights.
nonfinite-value-fix = Look at the first line, not at the loss: lower the learning rate where numbers had grown, guard logarithms, roots and divisions.

logarithm-of-zero-found = { $expression } takes the logarithm of { $least } ({ $zeros ->
        [one] 1 zero
       *[other] { $zeros } zeros
    }): the result is minus infinity or NaN, and 0 · (−∞) is NaN.
logarithm-of-zero-why = A sigmoid or softmax rounds to exactly 0 or 1. The logarithm of 0 is −∞.
logarithm-of-zero-fix = Use binary_cross_entropy_with_logits or cross_entropy on raw scores; else clamp(min=1e-7) before the logarithm.

infinite-derivative-found = The derivative of { $expression } is infinite or NaN there: { $node } got a finite gradient and sent on others.
infinite-derivative-found-hidden = { $expression } is not finite in places that where() then leaves out: the loss is finite, but the derivative there is 0 times NaN, which is NaN.
infinite-derivative-why = sqrt, norms and fractional powers have an infinite derivative at 0. torch.where and masks do not help afterwards: 0 times infinity is NaN.
infinite-derivative-fix = Keep the input away from the edge before the op: sqrt(x + 1e-8), or where() around the input.

nan-in-data-found = { $name } holds NaN or infinity before anything is computed with it (rows { $rows }).
nan-in-data-why = A single NaN in the data makes loss, gradients and weights NaN.
nan-in-data-fix = Remove or fill these rows; check the data with torch.isfinite(x).all().

symmetric-units-found = All units of { $names } start with the same weights, get the same gradients, and are still equal at the end: the layer is as good as one unit.
symmetric-units-why = Units that start equal compute the same and get equal gradients. Nothing ever tells them apart.
symmetric-units-fix = Start from random values (nn.Linear does; else nn.init.kaiming_uniform_). Only biases, and the last layer, may be zero.

update-too-large-found = From step { $step } on an update changes the weights by { $percent } % of their size (typical: 0.1 %), with learning rate { $rate }, and the loss does not settle.
update-too-large-found-aside = The step { $expression } is about { $percent } % of the weights that it starts from: it leaves nothing of them.
update-too-large-why = A gradient is true close by. A step as large as the weights themselves lands somewhere else.
update-too-large-fix = Divide the learning rate by 10; a change of about 0.1 % in each step is healthy.

loss-rises-found = The loss rises from { $start } to { $end }: the steps jump over the valley.
loss-rises-why = Beyond a certain learning rate each step lands higher on the other side.
loss-rises-fix = Lower the learning rate to a third or a tenth; clip gradients where single batches make it jump.

learning-rate-too-low-found = With learning rate { $rate } an update changes the weights by { $ratio } of their size, and the loss stays: { $first } at first, { $last } at last.
learning-rate-too-low-found-worn = The schedule has brought the learning rate from { $most } down to { $rate }: since step { $step } the weights hardly move, and the loss stays at { $last }.
learning-rate-too-low-why = Changes a hundred thousand times smaller than the weights need a hundred thousand steps.
learning-rate-too-low-fix = Multiply the learning rate by 10 until the loss moves.

dead-relu-found = { $percent } % of the units of this ReLU are zero for every example of the batch: nothing flows through them, and no gradient comes back.
dead-relu-why = A ReLU that is negative for every example has derivative 0 everywhere. It cannot come back by itself.
dead-relu-fix = Lower the learning rate, start with biases at 0 or a little above, or use LeakyReLU or GELU.

saturated-activation-found = { $percent } % of the inputs of this { $op } lie beyond ±5, where its derivative is almost 0.
saturated-activation-why = At ±5 the derivative of a sigmoid is 0.007, that of tanh 0.0002. What lies before hardly learns.
saturated-activation-fix = Normalise the inputs, start with smaller weights, or put a normalisation before the activation.

vanishing-gradients-found = The gradients shrink on their way: { $near } at { $last }, { $far } at { $first }.
vanishing-gradients-found-time = The gradients shrink from turn to turn of the loop over the sequence: { $near } at the last, { $far } at the first.
vanishing-gradients-why = Each layer multiplies the gradient by its derivative. Factors well below 1 leave nothing for the first layers.
vanishing-gradients-fix = Use ReLU in place of sigmoid or tanh, skip connections, normalisation, and an initialisation that fits the activation.

initial-loss-found = The first loss is { $loss }; guessing would give { $expected }: the model starts out confident, and wrong.
initial-loss-why = Before it has learnt anything a classifier should give every class the same probability: ln K, or 0.693 for two classes.
initial-loss-fix = Start with smaller weights in the last layer, and check labels and the order of the arguments.

half-precision-range-found = { $what ->
        [large] float16 values reach { $number }, near its largest number, 65504: beyond it lies infinity.
        [eps] The optimizer's eps, { $number }, is 0 in float16, and so is the square of a small gradient: the update divides by 0.
       *[small] { $number } % of a gradient's elements are so small that float16 has only a few bits for them; smaller ones become 0.
    }
half-precision-range-why = float16 reaches from 6e-8 to 65504, and is exact to three digits only above 6e-5. Gradients are often smaller.
half-precision-range-fix = Keep the parameters in float32 and use torch.autocast with a GradScaler, or bfloat16.

exploding-gradients-found = Gradients grow on the way back: in { $first } they are { $ratio } times those in { $last }.
exploding-gradients-why = Each layer multiplies the gradient by its weights. Factors above 1, many times, leave numbers that no learning rate fits.
exploding-gradients-fix = Start with smaller weights (kaiming or xavier), add normalisation or skip connections, or clip the gradients.
