# Rules about the graph.

loss-without-graph-found = Nothing that leads to this loss requires a gradient: backward() has no graph to go through.
loss-without-graph-why = backward() follows the ops from the loss back to the tensors that require gradients. Where there is none, there is nothing to follow.
loss-without-graph-fix = Give the tensors that are to be learned requires_grad=True (a nn.Parameter has it), and do not freeze all of them.

graph-cut-found-all = { $way ->
        [no-grad] { $expression } was computed while gradients were off, so no graph leads from the loss to a parameter.
        [detach] { $expression } cuts the loss from all parameters: what detach() or .data returns has no graph.
        [item] { $expression } turns a tensor into a Python number: the loss made of it has no graph.
       *[other] { $expression } is where the graph ends: nothing leads from the loss to a parameter.
    }
graph-cut-found = { $way ->
        [no-grad] { $expression } was computed while gradients were off: { $names } never get a gradient.
        [detach] { $expression } cuts { $names } from the loss: they never get a gradient.
        [item] { $expression } turns a tensor into a Python number: { $names } never get a gradient.
       *[other] { $expression } cuts { $names } from the loss: they never get a gradient.
    }
graph-cut-why = detach(), .data, .item(), .numpy(), torch.tensor(t), argmax, comparisons and no_grad() give tensors without a history. Whatever lies before such a cut learns nothing, and PyTorch complains only where everything was cut.
graph-cut-fix = Use the tensor itself on the way to the loss; detach only what is shown or logged.

second-backward-found = A second backward pass came to a part of the graph whose values the first one had freed.
second-backward-why = backward() frees what the ops kept. A graph can be gone through once, unless it is retained, so everything that a later step uses must be computed anew.
second-backward-fix = Compute in each step what depends on parameters, detach() the state that is carried on, or add the losses and call backward() once. retain_graph=True only where really the same graph is meant.

overwritten-saved-tensor-found = A value that an op had kept for its backward formula was changed in place before backward() came to it.
overwritten-saved-tensor-why = Some derivatives are computed from what the op returned or took. Changed in place, those numbers are gone.
overwritten-saved-tensor-fix = Write x = x + 1 in place of x += 1, or change a clone().

leaf-in-place-found = A parameter was changed in place while autograd was watching.
leaf-in-place-why = A leaf that requires a gradient is where the graph begins: its value cannot change inside the graph.
leaf-in-place-fix = Put the update into with torch.no_grad():.

non-scalar-backward-found = backward() was called on a tensor with several elements: which of them should get smaller is not said.
non-scalar-backward-why = A gradient belongs to one number. For several, backward() needs a weight for each of them.
non-scalar-backward-fix = Reduce the loss with .mean() or .sum(), or pass the weights: loss.backward(weights).

weight-rebound-found = { $what ->
        [copy] { $expression } changes a copy, not { $names }: what is trained stays as it was.
        [nothing] { $expression } makes a new tensor, and nothing uses it: it is no update of { $names }.
       *[name] { $expression } makes a new tensor and gives it the weight's name. The new one is not what was trained.
    }
weight-rebound-why = w = w - lr * w.grad does not change w: it computes another tensor. Under no_grad() that one requires no gradient; outside it is no leaf, and its .grad stays None.
weight-rebound-fix = Update in place under no_grad(): w -= lr * w.grad.

gradient-of-non-leaf-found = .grad of a tensor that an op made was read. Only leaves keep their gradient, so it is None.
gradient-of-non-leaf-why = backward() leaves gradients only in leaves: in tensors that no op has made. A parameter that went through .to(), * or .view() after requires_grad=True is no leaf any more.
gradient-of-non-leaf-fix = Call retain_grad() on it before backward(), or make the parameter itself the leaf: move and scale first, then requires_grad_(). The recording holds the gradient already: retrograd steps shows it.

loss-kept-with-graph-found = { $how ->
        [list] Losses of earlier steps are kept with their graphs: memory grows with each step.
       *[sum] The running sum of losses carries the graph of every step so far: memory grows with each step.
    }
loss-kept-with-graph-why = A loss is the end of its whole graph. Added up as a tensor, no graph can be freed.
loss-kept-with-graph-fix = Add loss.item() (or loss.detach()).

zero-derivative-found = { $what ->
        [own] The backward() of { $expression } gets a gradient and returns zeros, in every step: nothing comes to { $names }.
       *[jumps] { $expression } has derivative 0: it gets a gradient and sends zeros to { $names }.
    }
zero-derivative-fix-own = Return from backward() what comes in times a derivative that is not 0 everywhere, such as that of a sigmoid (a surrogate gradient).
zero-derivative-why = round(), floor() and sign() are flat between their jumps. PyTorch computes the right derivative, 0, and says nothing: what lies before learns nothing.
zero-derivative-fix = Leave the rounding out while training, use a soft version, or a straight-through estimator: x + (x.round() - x).detach().

zero-gradients-found = { $what ->
        [limits] { $expression } is beyond its limits for every example, where its derivative is 0: it gets a gradient and sends zeros to { $names }.
        [part] { $expression } is beyond its limits for every example, where its derivative is 0: what goes through it teaches { $names } nothing.
       *[hinge] { $expression } is 0 for every example from the first step on. There its derivative is 0: it gets a gradient and sends zeros to { $names }.
    }
zero-gradients-why = A function that is flat where its numbers lie has derivative 0 there. Nothing tells what lies before it in which direction to move, so that it stays where it is flat.
zero-gradients-fix = Keep the numbers where the function is not flat.
zero-gradients-fix-limits = Leave the limits out while training, or keep values within them by a function that is nowhere flat, such as low + (high - low) * torch.sigmoid(x).
zero-gradients-fix-hinge = Look at what comes in: its sign, or a margin that is met before anything is learned.

unused-parameter-found = { $names } never got a gradient: { $count ->
        [one] it takes
       *[other] they take
    } no part in any loss.
unused-parameter-why = A parameter that no op uses on the way to the loss has no gradient, and step() skips it.
unused-parameter-fix = Use it in forward(), or do not give it to the optimizer.

leaf-lost-found = { $name } is no leaf: { $expression } made it from the tensor that requires the gradient. That one gets the gradient, and { $name }.grad stays None.
leaf-lost-why = .to(), .cuda(), .double() and arithmetic give a new tensor. After requires_grad=True the first tensor is the leaf, and it has no name any more.
leaf-lost-fix = Move and scale first, then ask for gradients: w = (torch.randn(3, 1) * 0.1).requires_grad_().

graph-grows-found = { $how ->
        [weights] { $expression } makes new weights of the old ones, graph and all: the graph of every step so far hangs on them.
       *[nodes] Each backward pass goes through the graphs of all earlier steps again: { $first } nodes ran at first, { $last } later.
    }
graph-grows-why = A tensor that carries its graph into the next step makes that graph part of every later loss. Time and memory grow with each step, and old batches count again and again.
graph-grows-fix = Carry over numbers, not graphs: state.detach(), total + loss.item(). Then retain_graph=True is not needed.

new-leaf-in-the-middle-found = { $expression } makes a new leaf in the middle: gradients end there, and { $names } never get one. requires_grad=True keeps PyTorch from complaining.
new-leaf-in-the-middle-why = A copy that requires gradients is a new beginning, not a continuation. backward() runs without an error and stops at the copy.
new-leaf-in-the-middle-fix = Use the tensor itself: no detach(), no torch.tensor(t), no requires_grad_() on what an op made.
