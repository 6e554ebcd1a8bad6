# Rules about the training loop and the optimizer.

zero-grad-missing-found = step() read gradients that it had already used: backward() added step { $step }'s to what was left in .grad of { $names }.
zero-grad-missing-why = backward() adds to .grad and never clears it. Without zero_grad() every step goes along the sum of all gradients so far, so it overshoots, although the loss may fall for a while.
zero-grad-missing-fix = Call optimizer.zero_grad() once in each step, before backward().

step-without-gradients-found = { $name }.step() ran before any backward pass: every gradient was None and nothing changed ({ $count ->
        [one] 1 step
       *[other] { $count } steps
    }).
step-without-gradients-why = step() skips every parameter whose .grad is None and says nothing. Called before backward() it does nothing.
step-without-gradients-fix = The order is zero_grad(), forward pass, backward(), step().

zero-grad-before-step-found = The gradients were cleared after backward() had filled them and before step() ({ $step }) read them: step() saw nothing.
zero-grad-before-step-found-other = The gradients of one backward pass were cleared before anything had read them: step() ({ $step }) saw those of another pass alone.
zero-grad-before-step-why = Between backward() and step() .grad holds what step() needs. Cleared there, the whole backward pass is lost.
zero-grad-before-step-fix = Move the clearing before backward() or after step().

never-stepped-found = { $count } backward passes computed gradients, and no parameter was ever updated.
never-stepped-found-one = { $optimizer } is never stepped: { $names } get gradients, and nothing updates them.
never-stepped-why = backward() only fills .grad. Without optimizer.step(), or an update by hand, the parameters stay as they were.
never-stepped-fix = Call optimizer.step() after backward().

not-in-optimizer-found = { $count ->
        [one] { $names } gets
       *[other] { $names } get
    } gradients, but no optimizer updates { $count ->
        [one] it
       *[other] them
    }; zero_grad() does not clear { $count ->
        [one] its
       *[other] their
    } .grad either.
not-in-optimizer-why = An optimizer updates only the tensors that it was given. What is left out keeps its first value for ever.
not-in-optimizer-fix = Give it to the optimizer, or set requires_grad_(False) if it is meant to stay.

stale-optimizer-found = The optimizer holds other tensors than the model uses: { $names } { $count ->
        [one] gets
       *[other] get
    } the gradients, and step() updates { $count ->
        [one] a tensor
       *[other] tensors
    } of the same shape that nothing uses any more.
stale-optimizer-why = A layer that is replaced after the optimizer was made brings new tensors. The optimizer keeps the old ones.
stale-optimizer-fix = Make the optimizer after the last change of the model, or add the new parameters with add_param_group().

unregistered-layers-found =
    { $what ->
        [empty] The optimizer got nothing to train: parameters() of the model is empty. Its layers stand in a plain list or dict, or its tensors are no parameters.
        [plain] { $names }: gradients, but no optimizer. A plain tensor in a module is none of its parameters(), whatever its requires_grad.
        [anew] A layer is made anew in every step ({ $names } and so on): it gets gradients, no optimizer holds it, and the next step starts from random numbers again.
       *[list] { $names } get gradients but are in no optimizer: the layers stand in a plain list or dict, which parameters() does not look into.
    }
unregistered-layers-why = nn.Module registers only attributes that are modules or parameters. Layers in a list or dict run, and parameters(), to(), state_dict() and the optimizer miss them.
unregistered-layers-fix = Use nn.ModuleList or nn.ModuleDict; nn.Parameter or nn.ParameterList for tensors.

scheduler-before-optimizer-found = scheduler.step() ran before the first optimizer.step(): the first learning rate is skipped.
scheduler-before-optimizer-why = A scheduler sets the rate of the next step. Called first, the planned rates are one step off.
scheduler-before-optimizer-fix = Call optimizer.step() first, then scheduler.step().

weight-unchanged-found = { $why ->
        [rate] The learning rate is 0: step() left { $names } exactly as before, in every step.
        [zero] Every gradient is exactly 0: step() left { $names } exactly as before, in every step.
       *[other] step() read gradients and left { $names } exactly as before, in every step: the updates are too small for the dtype.
    }
weight-unchanged-found-back = Something gives the weights the values that they had before: { $count } times they are exactly what they were once, and what was learned since is lost.
weight-unchanged-found-mostly = The learning rate of { $name } is 0 in { $count } of { $all } steps, from the first on: there step() left every weight as before.
weight-unchanged-why = An update that changes no bit teaches nothing: the learning rate is 0, the gradient is 0, or the change is lost in rounding.
weight-unchanged-fix-back = Put a saved state back once, after the training, or not at all; check the condition under which that happens.
weight-unchanged-fix = Set a learning rate above 0; where the gradient is 0, follow it back to the op that stops it.

frozen-weight-moves-found = { $names } always has a gradient of zeros, and still moves: { $why ->
        [decay] weight decay of { $optimizer } shrinks it.
       *[other] momentum of { $optimizer } carries it on.
    }
frozen-weight-moves-found-part = The program sets the gradient of { $percent } % of { $names } to 0, and these elements still move: { $why ->
        [decay] weight decay of { $optimizer } shrinks them.
       *[other] momentum of { $optimizer } carries them on.
    }
frozen-weight-moves-fix-part = Put them back after step(), as weight.mul_(mask) does under no_grad, or keep them in a tensor of their own that the optimizer does not hold.
frozen-weight-moves-why = Zeros are a gradient too. Optimizers apply decay and momentum to every parameter whose .grad is not None.
frozen-weight-moves-fix = Set its .grad to None, or leave it out of the optimizer.

uphill-found = { $how ->
        [hand] The update adds the gradient where it has to subtract it: the loss rises from { $first } to { $last }.
        [minus] The loss has a minus sign in front: what is minimised makes the error grow from { $first } to { $last }.
        [policy] The loss is log-probability times { $first } without a minus sign: minimised, it makes the best actions the rarest.
        [bound] A score minus the logsumexp of scores is the log of a probability and is to grow; minimised, it falls from { $first } to { $last }.
       *[other] The optimizer maximises (maximize=True): the loss rises from { $first } to { $last }.
    }
uphill-why = The gradient points to where the loss grows. A step goes against it.
uphill-fix = Subtract: w -= lr * w.grad; leave maximize at False; what is to grow goes into the loss with a minus sign.

clipping-before-unscaling-found = The gradients were clipped while they were still multiplied by the loss scale: the limit cuts them to almost nothing.
clipping-before-unscaling-why = GradScaler multiplies the loss, and with it every gradient, by a large number. A limit means the true gradients.
clipping-before-unscaling-fix = Call scaler.unscale_(optimizer) before clipping.

skipped-steps-found = { $how ->
        [divided] Each step sums the gradients of { $count } backward passes, but the loss is divided by { $usual }, as if there were { $usual }: the step comes too late.
        [seldom] Each step sums the gradients of { $count } backward passes, by which nothing is divided: there are only { $usual } updates in the whole run, and each is the longer for it.
       *[skipped] { $count } backward passes ran without an update (around step { $step }); before it was { $usual } for each step.
    }
skipped-steps-why = Gradients that no step() reads are work for nothing. Often step() stands under a condition that is not met any more, or at the wrong indentation.
skipped-steps-fix = Call optimizer.step() for every backward pass, or after a fixed number of them.

clipping-hides-found = In { $percent } % of the steps the gradients are cut from a norm of about { $norm } to { $limit }: the limit decides the size of every step, and the learning rate means something else.
clipping-hides-why = Clipping is meant for rare peaks. Where it cuts nearly always, all steps have the same length, and the loss does not show that the gradients are far too large.
clipping-hides-fix = Lower the learning rate or the starting weights, scale inputs and targets, or raise the limit.

decay-in-adam-found = { $optimizer } with weight_decay={ $decay } adds the decay to the gradient, where the adaptive rates undo most of it.
decay-in-adam-why = Adam divides each gradient by its usual size. A decay added to the gradient is divided too, so weights with large gradients hardly decay.
decay-in-adam-fix = Use AdamW, which shrinks the weights themselves.

layer-stands-still-found = { $names } changes by { $ratio } of its size in a step, the other layers by { $usual }.
layer-stands-still-why = A layer that moves a hundred times slower than the others learns nothing in the same time.
layer-stands-still-fix = Raise the learning rate of its group, look for what shrinks its gradient, or freeze it if it is meant to stay.

unusual-rate-found = { $way ->
        [low] A learning rate of { $rate } for { $optimizer } is so low that nothing moves.
       *[other] A learning rate of { $rate } is high for { $optimizer }, and the loss has not fallen, or was thrown far off.
    }
unusual-rate-why = Adam moves each weight by about the learning rate in each step, whatever the gradient. SGD moves it by the rate times the gradient.
unusual-rate-fix = Start with 1e-3 for Adam and AdamW, 1e-1 to 1e-2 for SGD, and change by factors of 3.
