# Where a number came from.

why-update = The update
why-before = before
why-gradient = gradient
why-after = after
why-change = change
why-no-update = No update changed it in this step.

why-its-gradient = The gradient: { $value }
why-held = .grad held { $before } before; backward() adds to it.
why-cleared-between = In between zero_grad() cleared .grad (event { $events }): only what came after the last one is left.
why-pass = Backward pass { $number }: { $amount }
why-changed = event { $event } changed it from { $before } to { $after }

why-paths = Through the graph
why-one-path = One path leads from { $loss } to { $name }; the chain rule multiplies along it:
why-paths-listed = { $count } paths lead from { $loss } to { $name }; the chain rule multiplies along each and adds them up:
why-paths-counted = { $count } paths lead from { $loss } to { $name }, too many to follow one by one. What came in at the end:

why-samples = By training examples
why-samples-sum = The batch has { $size } examples. Each pushed by its share, and the gradient is their sum:
why-one-example = The batch has one example: all of it is its share.
why-example = example
why-share = share
why-more-examples = { $count } more
why-rest = no example: a penalty
why-sum = sum
why-sum-checked = ✓ recomputed without PyTorch, { $difference } from PyTorch’s own number
why-share-is = share = { $factors }
why-not-split = Not told apart by examples: { $reason }

why-run = Over the run
why-run-began = It began at { $first } and was { $last } after step { $step }.
why-run-unknown-start = It was { $last } after step { $step }.
why-run-moved = The steps that moved it most:
why-run-some-steps = This is from { $count } full steps; what the others did is not in the file.
why-step = step { $step }

why-entered = what entered
why-entered-some = the { $shown } that weigh most, of { $count }
why-put-in = backward() itself put this number in: the chain rule starts here.
why-sent-sum = { $count } nodes sent a gradient here; they add up.
why-terms = upstream · local derivative
why-terms-some = the { $shown } largest of { $count } terms
why-no-source = Nothing sent a gradient here.

why-is-parameter = { $name } is a parameter: what it was before this step’s update.
why-from-outside = { $name } comes from outside the step: data, or made before it.
why-not-kept = a value of { $name } was not kept whole (record with --keep '*')
why-no-rule = there is no derivative rule for { $op } ({ $place }) yet
why-opaque = { $node } ({ $place }) is the program’s own autograd.Function, and opaque
why-no-op = the op behind { $node } ({ $place }) was not recorded
why-too-large = it would take too much computing for tensors of this size
why-too-many-terms = too many elements enter to list them
why-mixes = the batch mixes at { $node } ({ $place }): one example’s gradient reaches another one’s values
why-mixes-at-loss = the batch mixes in the loss itself
why-changed-between = the gradient at { $node } ({ $place }) is not the sum of what was sent there: a hook changed it
why-not-finite = the gradient has NaN or Inf on the way
why-no-batch = no dimension of the data was found to hold examples that stay separate
why-does-not-add-up = the shares do not add up to PyTorch’s gradient
why-node-wrong = { $node }, recomputed, is not what PyTorch sent
