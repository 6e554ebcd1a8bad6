# What a recording holds: `retrograd summary`.

summary-steps = steps
summary-overhead = overhead
summary-counted = { $steps } ({ $light } light, { $full } full)

summary-complete = complete
summary-live = still being written; this is what it holds so far
summary-cut-short = cut short; it holds every step that was on disk
summary-program = program
summary-environment = environment
summary-full-steps = full steps
summary-one-step = one step
summary-optimizers = optimizers
summary-parameters = parameters ({ $count })
summary-more-parameters = … and { $count } more (--json lists all)
summary-cost = { $share } of { $seconds } s
summary-events = { $phases } events
summary-incident = step { $step }{ $place }: { $said }
summary-at = { " " }at { $place }
summary-not-recorded = not recorded { $what }, from step { $step }

gap-failure = retrograd itself failed and stopped recording
gap-other-thread = training in another thread is not recorded; one thread is
gap-other-dispatch-mode = the program had a dispatch mode of its own on: no ops were seen
gap-light-without-norms = norms and small values of light steps
gap-many-untraced-ops = ops outside training, beyond what one step keeps
gap-no-update-seen = backward passes without any update, beyond what one step keeps
gap-forward-was-light = the forward pass before the first NaN or Inf was recorded light
gap-loss-unreadable = the loss is a tensor that has no numbers of its own to read
gap-compiled-autograd = backward passes that torch.compile runs are opaque
gap-torch-func = gradients computed inside torch.func are opaque

# The lines that close `retrograd run`.
closing-recorded = retrograd recorded the training
closing-file = file
closing-loss = loss
closing-ended = ended
closing-ended-by = by { $type } in step { $step }
closing-left-out = left out
closing-found = found
closing-nothing-found = nothing wrong ({ $count } rules checked)
closing-more-found = … { $count } more
closing-next = next
closing-cost = { $share } ({ $seconds } s in all)
closing-cost-floor = { $share } ({ $seconds } s in all; the first { $floor } s are always spent)
