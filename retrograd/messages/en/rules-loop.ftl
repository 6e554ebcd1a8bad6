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
zero-grad-before-step-why = Between backward() and step() .grad holds what step() needs. Cleared there, the whole backward pass is lost.
zero-grad-before-step-fix = Move the clearing before backward() or after step().

never-stepped-found = { $count } backward passes computed gradients, and no parameter was ever updated.
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

unregistered-layers-found = { $names } get gradients but are in no optimizer: the layers stand in a plain list, which parameters() does not look into.
unregistered-layers-why = nn.Module registers only attributes that are modules or parameters. Layers in a list or dict run, and parameters(), to(), state_dict() and the optimizer miss them.
unregistered-layers-fix = Use nn.ModuleList or nn.ModuleDict (nn.ParameterList for tensors).
