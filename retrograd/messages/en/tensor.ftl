# The card of a tensor: what it is beyond its numbers.

tensor-title = { $name } in step { $step }: { $rank }
tensor-rank = { $rank ->
    [0] a scalar
    [1] a vector of { $shape }
    [2] a { $shape } matrix
   *[other] a { $shape } tensor of rank { $rank }
}
tensor-parameter = A parameter, defined at { $place }.
tensor-namesakes = Other values of this step have this name too; ask for them by the event that made or first read them: { $events }.

tensor-shape = Shape
tensor-what-rank = { $rank ->
    [0] Rank 0: one number. A vector has rank 1, a matrix rank 2.
    [1] Rank 1: one index picks an element. A scalar has rank 0, a matrix rank 2.
    [2] Rank 2: two indices, row and column, pick an element. A tensor may have any number of indices; it also knows its storage, its dtype, its device and how it was made.
   *[other] Rank { $rank }: { $rank } indices pick an element. A matrix has two; “tensor” is the word for any number of them.
}
tensor-dimension = dimension { $axis }
tensor-elements = { $count ->
    [one] { $count } element
   *[other] { $count } elements
} on { $device }
tensor-bytes = { $count ->
    [one] { $count } element
   *[other] { $count } elements
} of { $item } bytes each, { $bytes } in all, on { $device }
tensor-role-rows = one for each row of { $made } ({ $op }, event { $event })
tensor-role-columns = one for each column of { $made } ({ $op }, event { $event })
tensor-role-summed = summed over in { $made } ({ $op }, event { $event })
tensor-role-matrices = matrices side by side ({ $op }, event { $event })
tensor-role-examples = examples ({ $op }, event { $event })
tensor-role-channels-in = channels that enter ({ $op }, event { $event })
tensor-role-channels-out = channels that come out ({ $op }, event { $event })
tensor-role-height = height ({ $op }, event { $event })
tensor-role-width = width ({ $op }, event { $event })
tensor-role-kernel-height = height of the kernel ({ $op }, event { $event })
tensor-role-kernel-width = width of the kernel ({ $op }, event { $event })
tensor-role-entries = entries of the table, one per index ({ $op }, event { $event })
tensor-role-features = features of each entry ({ $op }, event { $event })

tensor-memory = Memory
tensor-stride-scalar = One number, at place { $offset } of its storage.
tensor-stride = Element { $index } lies at place { $formula } of its storage.
tensor-stride-only = stride = { $stride }; where in its storage it starts is not recorded.
tensor-places = Which place each index reads:
tensor-places-of = Which place each index reads, at { $index }:
tensor-storage = The storage, place by place:
tensor-storage-holes = The storage, place by place (in parentheses: not read by this tensor):
tensor-contiguous = Contiguous: row after row without gaps, so view() can give it another shape without a copy.
tensor-not-contiguous = Not contiguous: in row order its places are not one after the other. contiguous() would copy it.
tensor-expanded = Stride 0 along dimension { $axes }: every index there reads the same element. { $count } indices share { $distinct } elements; nothing was copied (broadcast).
tensor-view-of = A view of { $source }: { $op } (event { $event }, { $place }) made no copy. A write to one shows in the other.
tensor-shares = The same storage holds:
tensor-shares-nothing = No other tensor of this step shares its storage.
tensor-shared-view = { $name } ({ $shape }, stride { $stride }): a view by { $op }, event { $event }
tensor-shared-written = { $name } ({ $shape }, stride { $stride }): what { $op }, event { $event }, wrote there
tensor-shared-base = { $name } ({ $shape }, stride { $stride })
tensor-apart = , other elements of it
tensor-shares-more = and { $count } more
tensor-layout = Its layout is { $layout }: it has no strides. The numbers above are shown dense.
tensor-without-elements = Its elements cannot be read ({ $why }).

tensor-dtype = Numbers
tensor-float = { $dtype }: { $bits } bits each: 1 sign, { $exponent } exponent, { $fraction } fraction.
tensor-complex = { $dtype }: two parts, real and imaginary, each with 1 sign, { $exponent } exponent and { $fraction } fraction bits.
tensor-integer = { $dtype }: { $bits } bits each, whole numbers from { $smallest } to { $largest }. They have no gradient: nothing between two of them.
tensor-bool = bool: true or false, one byte each. It has no gradient.
tensor-dtype-unknown = { $dtype }: nothing is known of its precision.
tensor-eps = eps = { $eps }: after 1 the next number is 1 + eps. About { $digits } decimal digits are exact.
tensor-spacing = At { $number }, its largest element, neighbours are { $spacing } apart; smaller changes are lost.
tensor-range = Largest { $largest }, smallest with full precision { $smallest }.
tensor-tenth = 0.1 becomes { $held }

tensor-autograd = Autograd
tensor-unknown = not recorded
tensor-leaf-made = A leaf: { $op } ({ $place }) made it with requires_grad=True. No op that autograd recorded lies behind it, so gradients end here, in .grad.
tensor-leaf-outside = A leaf: it was there before this step, and no op that autograd recorded lies behind it. Gradients end here, in .grad.
tensor-leaf-frozen = A leaf without a gradient: its requires_grad is False, so it stays as it is.
tensor-leaf-data = A leaf: data from outside the step. Nobody asked for a gradient, so autograd records nothing of it.
tensor-leaf-from-data = A leaf: { $op } ({ $place }) made it of tensors that want no gradient, so autograd recorded nothing.
tensor-leaf-whole-numbers = A leaf: { $dtype } has no derivatives, so it cannot require a gradient.
tensor-leaf-no-grad = A leaf: { $op } ({ $place }) ran under no_grad(), so autograd recorded nothing.
tensor-leaf-detached = A leaf: detach() ({ $place }) cut it off from the graph.
tensor-leaf-unknown = No backward pass of this step went through { $op } ({ $place }), which made it: whether it requires a gradient is not recorded.
tensor-not-leaf = Not a leaf: { $op } ({ $place }) made it of tensors that require a gradient, and autograd recorded { $node } for the way back.
tensor-grad-is-data = A leaf: a gradient is plain data, no graph lies behind it.
tensor-grad-with-graph = A gradient with a graph of its own: the backward pass ran with create_graph=True.
tensor-grad-fn-none = grad_fn = None
tensor-way = grad_fn = { $node }. From there gradients go to:
tensor-way-leaf = { $node }: adds to { $leaf }.grad
tensor-way-seen = { $node }: see above
tensor-way-more = … and further nodes
tensor-kept = { $node } keeps it as { $name } for the backward pass
tensor-kept-freed = { $node } keeps it as { $name } until event { $event }
tensor-writes = Written in place in this step by { $events }. Each write raises the version counter, which views share; by it backward() notices that a value it kept was overwritten.
tensor-no-writes = Nothing of this step wrote into its storage, so its version counter stayed.
tensor-write = { $op } (event { $event })

tensor-grad = .grad
tensor-grad-entry-accumulate = event { $event }: backward() added { $contribution }
tensor-grad-entry-clear = event { $event }: { $owner }.zero_grad()
tensor-grad-entry-change = event { $event }: changed
tensor-grad-became = { $before } → { $after }
tensor-no-grad-yet = None: no backward pass of this step reached { $name }.
tensor-no-grad-not-wanted = None: it does not require a gradient.
tensor-no-grad-not-leaf = None: PyTorch keeps .grad of leaves only. The gradient did pass through here; ask for it as { $name }.grad. In the script, retain_grad() would keep it.
tensor-no-grad-unknown = not recorded
tensor-no-grad-of-gradient = None: it is a gradient itself.

tensor-uses = In this step
tensor-use-made = made by { $op }
tensor-use-read = read by { $op } as { $argument }
tensor-use-written = written in place by { $op }
tensor-use-root = { $api }() starts here
tensor-use-updated = { $optimizer } reads .grad and writes the new value
tensor-use-accumulated = backward() adds to its .grad
tensor-use-sent = sent out by { $node }
tensor-use-received = came into { $node }
tensor-use-cleared = cleared by { $owner }.zero_grad()
tensor-use-grad-changed = changed
tensor-use-grad-read = read by { $optimizer } for the update
tensor-use-broadcast = broadcast to { $shape }
tensor-uses-more = and { $count } more events
