# What only the commands print beside explanations.

phase-forward = forward: the model computes the loss, and PyTorch writes down how
phase-outside = outside training: nothing is recorded for a backward pass
phase-backward = backward(): the chain rule, from the loss back to every parameter
phase-zero_grad = zero_grad(): the gradients of the step before are cleared
phase-optimizer = step(): the optimizer reads .grad and changes the parameters

checked = ✓ recomputed without PyTorch; the largest difference is { $difference }
wrong = ✗ WRONG: recomputed without PyTorch, { $difference } apart where { $tolerance } is allowed
not-checked = not checked: { $reason }

given = What the step starts from
counts = Backward pass and update: { $verified } recomputed and equal, { $unchecked } not checked, { $wrong } wrong.
step-loss = { $name } = { $value }
role-before = before:
role-read = read:
role-contribution = contribution:
role-after = after:
shape-of = { $shape }

counts-forward = Forward pass: { $verified } recomputed and equal, { $unchecked } not checked, { $wrong } wrong.
step-title = Step { $step } of { $file }: { $loss }
at-element = at { $index }:

jacobian-title = Jacobian of { $result } = { $operation }: how much each number of { $result } changes with each number that goes in
jacobian-row = { $name }: row { $number }, how { $element } changes with each element of { $input }, in the shape of { $input } ({ $shape })
jacobian-column = { $name }: column { $number }, how each element of { $result } changes with { $element }, in the shape of { $result } ({ $shape })
jacobian-entry = { $name } = { $value }
jacobian-outside-box = zero outside of { $box } ({ $nonzero } of { $count } numbers are not zero)
jacobian-wide = The numbers need more room than a line has: ■ stands for a number other than zero. --row and --col show the numbers.
jacobian-legend = · is zero whatever the numbers are.
jacobian-legend-here = · is zero whatever the numbers are, 0 is zero for these numbers.
jacobian-numbers = With the recorded numbers:
jacobian-steps = Step by step

why-after-step = { $name } = { $value } after step { $step }
why-in-step = { $name } = { $value } in step { $step }
why-gradient-in-step = ∂{ $loss }/∂{ $name } = { $value } in step { $step }
why-grad-in-step = { $name }.grad = { $value } in step { $step }
why-light = Step { $step } was recorded light: its backward pass is not in the file. Full steps near it: { $near }.
why-light-known = What every step keeps of it:
why-learning-rate = learning rate
why-update-plain = before − lr · gradient = after: { $optimizer } goes against the gradient, which points to where the loss grows.
why-update-other = { $optimizer } made this update from the gradient and what it keeps of earlier steps.
why-update-options = { $optimizer } made this update from the gradient and its options.
why-update-by-hand = The program itself made this update.
why-was-empty = .grad held nothing before: this is what backward() put there.
why-passes = { $count } backward passes added to .grad: { $amounts }.
why-used-by = by way of { $node }
why-made-by = { $op }, event { $event }, { $place }
why-derivative = ∂{ $name }/∂ it
why-sent-by = { $node }, event { $event }, sent { $amount }
why-namesakes = Other values have this name too; ask for them by the event that made them: { $events }.
