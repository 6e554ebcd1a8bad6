# A diagnosis as a whole; the rules' own texts stand in rules-*.ftl.

diagnose-summary = { $name }: { $errors ->
        [one] 1 error
       *[other] { $errors } errors
    }, { $warnings ->
        [one] 1 warning
       *[other] { $warnings } warnings
    }, { $hints ->
        [one] 1 hint
       *[other] { $hints } hints
    }
diagnose-clean-run = { $name }: nothing found; { $count } rules checked
diagnose-error = error
diagnose-warning = warning
diagnose-hint = hint
diagnose-exact = exact
diagnose-heuristic = heuristic
diagnose-is-exact = { $severity }; exact: decided from events of the recording
diagnose-is-heuristic = { $severity }; heuristic: a threshold was passed, several times
diagnose-sure-exact = Certain: these events are in the recording.
diagnose-sure-heuristic = Likely: a threshold was passed.
diagnose-in-step = Seen in step { $step }.
diagnose-in-steps = Seen in { $count } steps, from { $first } to { $last }.
diagnose-follows = ↳ follows from it: { $code } { $text }
diagnose-fix = Fix
diagnose-clean = Checked and clean: { $codes }
diagnose-not-checked = Not checked: { $codes } ({ $reason })
diagnose-more = The rule in full: retrograd diagnose --explain { $code }
diagnose-failing = A program that fails
diagnose-correct = The same program put right
diagnose-limits = thresholds, as pyproject.toml may change them
diagnose-sources = Sources: { $list }
diagnose-rules = The rules of retrograd diagnose
diagnose-cut-short = The recording was cut short after { $steps } steps: judged is what is there.
diagnose-light = { $full } of { $steps } steps were recorded in full; of the others only loss and norms are known.
diagnose-nothing-full = No step was recorded in full: most rules have nothing to look at.
diagnose-run-ended-early = the run ended early
diagnose-needs-full-steps = it needs { $count } steps in full
diagnose-needs-steps = it needs { $count } steps
diagnose-needs-values = the values it reads were too large to be kept whole
diagnose-rule-failed = the rule itself failed, which is a fault of retrograd: { $error }

# What the numbers of the evidence are called.
evidence-norm-before = norm left from before
evidence-norm-added = norm added
evidence-classes = classes
evidence-least-loss = lowest possible loss
evidence-least-probability = least probability
evidence-greatest-probability = greatest probability
evidence-left-out = tensors left out
evidence-losses-kept = losses kept
evidence-passes = backward passes
evidence-updates = updates
evidence-rows = rows
evidence-pairs = pairs compared
evidence-nans = NaNs
evidence-infs = infinities
evidence-weight-norm = largest weight norm
evidence-least-input = least input
evidence-saturated = exactly 0 or 1, and wrong
evidence-of = of
evidence-loss-of-each = loss of each
evidence-loss-first = first loss
evidence-loss-last = last loss
evidence-ratio = ratio
evidence-dead-units = share of dead units
evidence-saturated-share = share beyond the limit
evidence-guessing = loss of guessing
evidence-nodes-first = nodes at first
evidence-nodes-last = nodes later
evidence-batches = batches
evidence-norm-after = norm left
evidence-decay = weight decay
evidence-gain = variance × number of inputs
evidence-correlation = correlation
# Faults of the field's list that have no rule of their own.
folded-title = { $code } { $name }: no rule of its own; see { $instead }.
folded-r70 = To fit one batch on purpose is an experiment with a training of its own, and retrograd changes nothing in a run. Where R80 finds a loss that stands still, train on ten examples and diagnose that recording.
