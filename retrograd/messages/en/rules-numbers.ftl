# Rules about numbers: NaN, infinity, initial values, activations.

nonfinite-value-found = The first { $what ->
        [nan] NaN
       *[other] infinity
    } appeared in step { $step }, in the { $where ->
        [backward] backward
       *[other] forward
    } pass, in { $expression }; it begins at { $begins }.
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
infinite-derivative-why = sqrt, norms and fractional powers have an infinite derivative at 0. torch.where and masks do not help afterwards: 0 times infinity is NaN.
infinite-derivative-fix = Keep the input away from the edge before the op: sqrt(x + 1e-8), or where() around the input.

nan-in-data-found = { $name } holds NaN or infinity before anything is computed with it (rows { $rows }).
nan-in-data-why = A single NaN in the data makes loss, gradients and weights NaN.
nan-in-data-fix = Remove or fill these rows; check the data with torch.isfinite(x).all().

symmetric-units-found = All units of { $names } start with the same weights, get the same gradients, and are still equal at the end: the layer is as good as one unit.
symmetric-units-why = Units that start equal compute the same and get equal gradients. Nothing ever tells them apart.
symmetric-units-fix = Start from random values (nn.Linear does; else nn.init.kaiming_uniform_). Only biases, and the last layer, may be zero.
