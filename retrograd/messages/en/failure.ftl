# Why a run ended with an error.

failure-title = Why this happened ({ $kind })
failure-fix = fix
failure-or = or
failure-unknown = { $path }: its run did not end with an error of PyTorch's that is explained here
failure-more = the step that raised
failure-run-again = Step { $step } was recorded light: its ops are not in the file. Run again with --steps { $step } to see more.

failure-no-way = backward() started here, at { $root }: no way leads from it to a tensor that requires a gradient.
failure-cut-detach = The graph was cut here: detach() and .data hand on the numbers of { $name } without their history.
failure-fix-detach = Take .detach() or .data away where the loss is calculated; use it only for what is printed or kept.
failure-cut-no-grad = { $name } was calculated here while gradients were switched off: no history was kept.
failure-switched-off = Gradients were switched off here.
failure-fix-no-grad = Calculate the loss outside of no_grad() or inference_mode(); keep these for evaluation.
failure-cut-number = The graph was cut here: a Python number was made of { $name }. A tensor made from it again is a new one, without history.
failure-fix-number = Call backward() on the tensor itself; use .item() only for what is printed or kept.
failure-cut-discrete = The graph was cut here: { $op } gives { $dtype }, and only floating point numbers can have a gradient.
failure-fix-discrete = Calculate the loss from the output before it is rounded, compared or turned into classes.
failure-cut-copied = The graph was cut here: torch.tensor(…) copies the numbers of { $name } into a new tensor, without history.
failure-fix-stack = Put tensors together with torch.stack([…]) or torch.cat([…]), or use the tensor itself.
failure-fix-anew = Calculate { $name } anew in every step; or, where one of two losses is not meant to change what made it, use { $name }.detach() for that loss.
failure-cut-op = The graph was cut here: the result of { $op } has no history.
failure-none-requires = { $root } is calculated from { $names }: none of them requires a gradient.
failure-fix-requires = Give the tensors that are to be learned requires_grad=True where they are made.
failure-frozen = requires_grad is switched off here.
failure-fix-frozen = Leave requires_grad on for the parameters that are to be learned.
failure-made = { $name } { $shape } comes from here.

failure-never-used = { $name } was used by no op before the gradient was asked for.
failure-used-elsewhere = { $name } was used here, but nothing of { $root } comes from it.
failure-unused-cut = So { $name } has no part in { $root }, as far as autograd knows.
failure-fix-unused = Ask only for gradients by tensors that the loss is calculated from.
failure-fix-allow-unused = Pass allow_unused=True, and take the None that comes back for "no gradient".
failure-input-requires-none = { $name } does not require a gradient.
failure-fix-input = Call requires_grad_() on it before the forward pass.

failure-twice-the-loss = The first backward pass from { $name } ran here, and freed what the graph had kept.
failure-shared-part = { $name } belongs to both graphs.
failure-freed-by = The backward pass that ran here freed what the graph had kept.
failure-again = This pass needs it again.
failure-fix-add-losses = Add the losses, and call backward() once on the sum.
failure-fix-retain = If two passes are meant, call the first with retain_graph=True; it costs the memory of all that is kept.
failure-loss-made-once = { $name } was calculated once, in an earlier step: every backward() since goes through the same graph.
failure-fix-forward-in-loop = Put the forward pass and the loss into the loop, before backward().
failure-from-earlier-step = { $name } comes from an earlier step, with its history: this graph leads on into that step's.
failure-carried = { $name } is given in and taken back here from step to step, with its history.
failure-made-before = { $name } was made here.
failure-freed-in-step = backward() freed that step's graph (step { $step }).
failure-fix-carry = Cut the history between the steps: { $name } = { $name }.detach() before it is used again.
failure-fix-sum = Add up numbers, not graphs: { $name } += loss.item(), and call backward() on the loss of the step.

failure-overwritten = { $name } { $shape } was overwritten here, in place, by { $op }.
failure-keeps = { $op } keeps { $name } as it was here: its backward formula needs it.
failure-versions = PyTorch counts what is written into a tensor: it is at version { $version }, and was kept at version { $expected }.
failure-fix-out-of-place = Make a new tensor instead of changing this one: x = x * 2 in place of x *= 2, relu(x) in place of relu_(x).
failure-fix-clone = Change a copy: { $name }.clone() first.
failure-updated = { $by } changed { $name } here.
failure-used-before-update = { $name } was used here, before that.
failure-needs-old = This backward pass needs { $name } as it was before that.
failure-fix-step-last = Call backward() for every loss of this forward pass first, and step() afterwards.
failure-fix-forward-again = Run the forward pass again after step().
failure-leaf = { $name } is a leaf that requires a gradient: autograd must see its value unchanged, so it may not be changed in place here.
failure-fix-leaf = Put the update into "with torch.no_grad():", or let an optimizer make it.
failure-leaf-again = Writing { $name } = { $name } - … instead would not help: it makes a new tensor, which is no leaf and gets no .grad.
failure-leaf-view = This is a part of { $name }, a leaf that requires a gradient: autograd must see its value unchanged, so it may not be changed in place here.

failure-not-a-leaf = An op ({ $op }) made { $name } here of a tensor that requires a gradient: { $name } is no leaf.
failure-leaves-learn = An optimizer changes leaves. { $name } is calculated from one: it gets no .grad, and what changes it would not last.
failure-fix-leaf-first = First make { $name } as it is to be (dtype, device, scale), then call { $name }.requires_grad_().
failure-fix-give-leaf = Give the optimizer { $leaf }, and calculate { $name } from it in every step.

failure-several = { $name } has the shape { $shape }: it is not one number.
failure-no-reduction = reduction='none' leaves one loss for each element.
failure-one-number = backward() starts from one number; its gradient by itself is 1.
failure-fix-reduction = Use reduction='mean' (the default) or 'sum'.
failure-fix-mean = Call { $name }.mean().backward(), or .sum().
failure-fix-vector = If a vector–Jacobian product is meant, pass the vector: { $name }.backward(gradient=…).

failure-product = { $left } is { $left_shape } and { $right } is { $right_shape }: a product needs as many columns on the left ({ $columns }) as rows on the right ({ $rows }).
failure-fix-transpose = { $name }.T would fit.
failure-fix-inner = Check which dimension counts the examples and which the features.
failure-layer = The layer { $layer } ({ $type }) expects { $expected } features, but { $name } { $shape } has { $given } in its last dimension.
failure-layer-made = { $layer } was made here.
failure-fix-layer = Give that layer { $given } input features, or give it what has { $expected }.
failure-target-size = { $output } is { $output_shape }, but { $target } is { $target_shape }.
failure-fix-unsqueeze = { $target }.unsqueeze(-1) makes a column of the target; or { $output }.squeeze(-1) makes a vector of the output.
failure-fix-squeeze = { $target }.squeeze(-1) makes a vector of the target.
failure-fix-one-batch = { $output } and { $target } must have one entry for each of the same examples: take both from the same batch, and check reshape() and view() on the way.
failure-broadcast = { $first } and { $second } do not fit: dimension { $dimension } has { $a } elements in one and { $b } in the other. Only a dimension of length 1 is repeated.
failure-fix-broadcast = Shapes are compared from the last dimension on: bring both into line with unsqueeze(), transpose() or another size.

failure-channels = { $name } { $shape } has { $given } channels, but the weight { $weight } of this convolution expects { $expected }.
failure-weight-made = That convolution was made here.
failure-fix-channels = Give it { $given } input channels, or give it what has { $expected }; images are (batch, channels, height, width).
failure-class = { $labels } holds the class number { $target }, but { $scores } { $shape } has { $classes } classes: 0 to { $last }.
failure-fix-class = Count classes from 0, or give the last layer an output for every class (at least { $classes }).

failure-dtype = { $name } is { $was }, but { $wanted } is needed here.
failure-dtype-somewhere = A tensor is { $was } here, but { $wanted } is needed.
failure-numpy-default = NumPy makes float64 by default; the parameters of a model are float32.
failure-classes = Class numbers are whole numbers (int64).
failure-whole-numbers = Whole numbers in torch.tensor([…]) make int64; write 1.0 for floating point numbers.
failure-fix-dtype = Use { $name }.{ $call }.
