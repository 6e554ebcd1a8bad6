# The page: labels, states and keys. What explains a step is in explain.ftl.

page-step = step
page-event = event
page-loss = loss
page-gradient-norm = gradient norm
page-language = language
page-theme = light or dark
page-export = Export
page-log-scale = log scale
page-linear-scale = linear scale
page-all-full = all steps in full
page-some-full = { $full } of { $steps } steps in full
page-zoomed = steps { $first } to { $last }
page-whole = show all steps
page-timeline = Loss and gradient norm over all steps
page-film = Events of this step

page-phase-forward = forward
page-phase-loss = loss
page-phase-zero_grad = zero_grad()
page-phase-backward = backward()
page-phase-optimizer = step()
page-phase-outside = outside training

page-source = Source
page-graph = Graph
page-graph-directions = values left to right, gradients right to left
page-explain = Explain
page-ledger = Ledger
page-value = value
page-before = before
page-contribution = contribution
page-after = after
page-update = change
page-new-value = new value
page-no-parameters = No parameter takes part in this step.

page-at-event = at event { $event }
page-to-come = to come
page-node-of = node { $number } of { $count }
page-event-of = event { $event } of { $count }
page-running = is running.
page-running-at = is running. It has come back to line { $line }, columns { $first }–{ $last }:
page-computes = { $operation } computes { $result } from { $inputs }.
page-makes = { $operation } makes { $result }.
page-back = The gradient has come back to { $result }, the result of { $operation }. The chain rule multiplies it by how much { $result } changes with its input, and that gives { $gradients }.
page-back-kept = PyTorch kept { $kept } in the forward pass for this.
page-no-gradient = needs no gradient
page-not-kept = not recorded
page-no-source = The source of this event was not recorded.

page-now = now
page-gradient = gradient
page-data = data
page-parameter = parameter

page-verified = equals PyTorch · max diff { $difference }
page-wrong = differs from PyTorch by { $difference }
page-not-checked = not checked
page-own-number = PyTorch's own
page-figures = min { $min } · max { $max } · mean { $mean } · norm { $norm }
page-norm = norm
page-element = at { $index }

page-previous-event = previous event
page-next-event = next event
page-previous-step = previous step
page-next-step = next step
page-play = play
page-pause = pause
page-speed = speed of playing
page-slower = slower
page-faster = faster
page-into-module = into a module
page-out-of-module = out of a module
page-modules = out of, into a module
page-next-change = next visible change
page-all-keys = all keys
page-close = Close

page-loading = Reading the recording …
page-live = still training
page-follow = go along with the newest step
page-waiting = The run has begun. Its first full step will show here as soon as it is complete.
page-run-ended = The run has ended after { $steps } steps.
page-vanished = { $name } is no longer there: it was moved or deleted. What is on the screen stays.
page-exception = The run ended with an error in step { $step }:
page-ended-here = The run ended here, with the error named above.
page-nonfinite = The first number that is not finite came in step { $step }:
page-exporting = Exporting …
page-export-what = save this recording as one page that works offline
page-cut-short = cut short
page-no-full-step = No step was recorded in full. The curves show every step; run again with --budget all to open them.
page-light-title = Step { $step }
page-light-step = This step was recorded light: its events were not kept, only these numbers. To see it in full, run again with --steps { $step }.
page-series-loss = loss
page-series-seconds = seconds
page-series-learning_rate = learning rate
page-series-weight_norm = norm of all parameters
page-series-grad_norm = norm of all gradients
page-no-such-step = There is no step { $step }: the recording has { $steps }.
page-nearest = go to step { $step }
page-server-gone = The server of this page has ended. Start it again: retrograd view { $name }
page-not-exported = This file does not hold that: it was left out when the page was exported.
page-old-browser = This browser lacks { $missing }. Use a current Firefox, Chrome, Edge or Safari.
page-failed = { $reason }

page-graph-keys = Arrow keys move it, plus and minus zoom, 0 shows all of it.
page-saved = saved values
page-keeps = saved: { $names }
page-freed = freed: { $names }
page-ops = { $count } ops
page-fold-all = fold all modules
page-unfold-all = unfold all modules
page-zoom-in = zoom in
page-zoom-out = zoom out
page-fit = fit the graph into its pane

# What the diagnosis found.
page-findings = { $count ->
        [one] 1 finding
       *[other] { $count } findings
    }:
page-finding-step = { $more ->
        [0] step { $step }
       *[other] step { $step } and { $more } more
    }
page-finding-fix = Fix:
