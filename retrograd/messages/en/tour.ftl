# The tour of the page, told on the reader's own run.

tour-offer = New here? A tour of one minute, on this very run.
tour-start = Take the tour
tour-decline = No, thanks
tour-next = Next
tour-back = Back
tour-end = End the tour
tour-done = Done

tour-timeline-title = Your whole run
tour-timeline = The loss and the size of the gradients over all { $steps } steps. Click a step to open it, drag to zoom in. Ticks below the curves mark the steps that were recorded in full.
tour-film-title = One step, event by event
tour-film = Everything that happened in this step, in order: { $count } events. The arrow keys ← and → move the playhead, the space bar plays.
tour-source-title = Your code
tour-source = The lit expression is the one that runs at the playhead; the numbers beside the lines are those of this moment. Click a line to go to its events.
tour-graph-title = The graph, built and walked back
tour-graph = The forward pass filled the upper halves from left to right. backward() now returns over the same boxes, from right to left: { $node } has just sent its gradient on.
tour-explain-title = Where the numbers come from
tour-explain = What { $node } does: the formula, then your numbers in it, then the result. ✓ means that the result was computed a second time without PyTorch, and agrees.
tour-ledger-title = What became of the weights
tour-ledger = For { $parameter } and each other parameter: the value, .grad before, what was added, .grad after, the change that step() made, the new value.
tour-numbers-title = Go wherever you like
tour-numbers = Hover over a number to see it in full, click it to mark it everywhere. ⇧ with ← or → goes from step to step, ? shows all keys.
