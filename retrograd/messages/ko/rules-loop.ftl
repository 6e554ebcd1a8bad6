# 학습 루프와 옵티마이저에 대한 규칙.

zero-grad-missing-found = step()이 이미 쓴 그래디언트를 다시 읽었습니다. backward()가 { $names }의 .grad에 남아 있던 값에 스텝 { $step }의 그래디언트를 더했습니다.
zero-grad-missing-why = backward()는 .grad에 더하기만 하고 지우지 않습니다. zero_grad()가 없으면 스텝마다 지금까지의 그래디언트를 모두 더한 방향으로 움직입니다. 손실이 한동안 줄어도 지나치게 멀리 갑니다.
zero-grad-missing-fix = 스텝마다 한 번, backward() 앞에서 optimizer.zero_grad()를 부르세요.

step-without-gradients-found = 역전파가 없는데 { $name }.step()이 실행되었습니다. 그래디언트가 모두 None이라 아무것도 바뀌지 않았습니다(스텝 { $count }개).
step-without-gradients-why = step()은 .grad가 None인 파라미터를 말없이 건너뜁니다. backward()보다 먼저 부르면 아무 일도 하지 않습니다.
step-without-gradients-fix = 순서는 zero_grad(), 순전파, backward(), step()입니다.

zero-grad-before-step-found = backward()가 채운 그래디언트를 step()({ $step })이 읽기 전에 지웠습니다. step()은 아무것도 보지 못했습니다.
zero-grad-before-step-why = backward()와 step() 사이의 .grad에는 step()에 필요한 값이 있습니다. 거기서 지우면 역전파가 모두 헛일이 됩니다.
zero-grad-before-step-fix = 지우는 일을 backward() 앞이나 step() 뒤로 옮기세요.

never-stepped-found = 역전파가 { $count }번 그래디언트를 계산했지만 파라미터는 한 번도 업데이트되지 않았습니다.
never-stepped-why = backward()는 .grad를 채울 뿐입니다. optimizer.step()이나 직접 하는 업데이트가 없으면 파라미터는 그대로입니다.
never-stepped-fix = backward() 뒤에 optimizer.step()을 부르세요.

not-in-optimizer-found = 그래디언트는 { $names }에 오는데 이 텐서({ $count }개)를 업데이트하는 옵티마이저가 없습니다. zero_grad()도 그 .grad를 지우지 않습니다.
not-in-optimizer-why = 옵티마이저는 넘겨받은 텐서만 업데이트합니다. 빠진 텐서는 처음 값 그대로 남습니다.
not-in-optimizer-fix = 옵티마이저에 넘기세요. 바뀌지 않아야 한다면 requires_grad_(False)로 고정하세요.

stale-optimizer-found = 옵티마이저가 가진 텐서와 모델이 쓰는 텐서가 다릅니다. 그래디언트는 { $names }({ $count }개)에 오는데, step()은 모양만 같고 이제 쓰이지 않는 텐서를 업데이트합니다.
stale-optimizer-why = 옵티마이저를 만든 뒤에 층을 바꾸면 새 텐서가 생깁니다. 옵티마이저는 옛 텐서를 그대로 가지고 있습니다.
stale-optimizer-fix = 모델을 다 고친 뒤에 옵티마이저를 만들거나, add_param_group()으로 새 파라미터를 더하세요.

unregistered-layers-found = { $names }에는 그래디언트가 오지만 어느 옵티마이저에도 없습니다. 층이 보통 리스트에 들어 있어 parameters()가 찾지 못합니다.
unregistered-layers-why = nn.Module은 속성 가운데 모듈과 파라미터만 등록합니다. 리스트나 딕셔너리에 든 층은 실행되지만 parameters(), to(), state_dict(), 옵티마이저에서 빠집니다.
unregistered-layers-fix = nn.ModuleList나 nn.ModuleDict를 쓰세요(텐서는 nn.ParameterList).
