# Two recordings compared.

diff-side = { $name }: { $steps } steps, { $full } in full
diff-cut-short = { $name } was cut short: compared is what it holds.
diff-compared = Compared: loss and norms of { $light } steps, every event of { $full }.
diff-environment = environment: { $key } is { $first } in A, { $second } in B

diff-same = They are the same: every event and every number that both hold.
diff-same-within = They are the same within --rtol { $rtol }.
diff-part = They part in step { $step }, at event { $event }: { $kind }.
diff-part-two = They part in step { $step }, at event { $event } of A and { $other } of B: { $kind }.
diff-part-step = They part in step { $step }: { $kind }.
diff-first-number = The first number that differs
diff-first-beyond = The first number that differs by more than --rtol { $rtol }
diff-first-setting = The first setting that differs
diff-result = result
diff-first-rounding = The first number that differs at all
diff-at = step { $step }, event { $event }: { $kind }
diff-at-two = step { $step }, event { $event } of A and { $other } of B: { $kind }
diff-at-step = step { $step }: { $kind }

diff-kind-rng = the random generators are in different states
diff-kind-structure = other events
diff-kind-shape = other shapes
diff-kind-dtype = other dtypes
diff-kind-argument = other arguments
diff-kind-data = other data
diff-kind-parameter = other values of a parameter
diff-kind-input = other inputs
diff-cause-input = It was made by events that are not the same on both sides.
diff-kind-random = other random numbers
diff-kind-value = other results
diff-kind-gradient = other gradients
diff-kind-update = another update
diff-kind-hyperparameter = other hyperparameters
diff-kind-curve = other { $name }
diff-kind-length = one run goes on, the other has ended

diff-nothing-there = nothing like it
diff-numbers = { $name } { $shape }: largest difference { $absolute }, relative to the largest element { $relative }
diff-number = { $name }: difference { $absolute }, relative { $relative }
diff-figure = { $name } { $shape }: { $figure } differs by { $absolute }, relative { $relative } (its elements were not kept)
diff-element = element { $index }
diff-count = { $differing } of { $count } elements differ.
diff-lengths = A has { $first } steps, B has { $second }.

diff-reordered = Both hold the same elements in another order: shuffled differently.
diff-cause-random = The same op drew other numbers: another seed, or numbers drawn before in another order.
diff-cause-op = The op got equal inputs on both sides and gave another result: another kernel, machine, library or number of threads.
diff-cause-data = It came from outside the step, and no op of the step made it: look at what feeds the training.
diff-cause-parameter = It came into the step like that: look at how it was initialised, or at what changed it between the steps.
diff-cause-rng = One side has drawn other numbers before, or was seeded otherwise.
diff-cause-curve = This step was recorded light on one side at least. To see the event, record both with --steps { $step }.
diff-cause-same-numbers = Every number that can be compared is the same on both sides.
diff-cause-rounding = The difference is as small as rounding; --rtol { $rtol } would let it pass.

diff-growth = How it grows
diff-column-step = step
diff-column-loss = loss { $side }
diff-column-difference = difference
diff-column-weights = weights
diff-growth-note = Differences are relative to the larger side: 0.001 is one part in a thousand.
