# 학습 루프와 옵티마이저에 대한 규칙.

zero-grad-missing-found = step()이 이미 쓴 그래디언트를 다시 읽었습니다. backward()가 { $names }의 .grad에 남아 있던 값에 스텝 { $step }의 그래디언트를 더했습니다.
zero-grad-missing-why = backward()는 .grad에 더하기만 하고 지우지 않습니다. zero_grad()가 없으면 스텝마다 지금까지의 그래디언트를 모두 더한 방향으로 움직입니다. 손실이 한동안 줄어도 지나치게 멀리 갑니다.
zero-grad-missing-fix = 스텝마다 한 번, backward() 앞에서 optimizer.zero_grad()를 부르세요.

step-without-gradients-found = 역전파가 없는데 { $name }.step()이 실행되었습니다. 그래디언트가 모두 None이라 아무것도 바뀌지 않았습니다(스텝 { $count }개).
step-without-gradients-why = step()은 .grad가 None인 파라미터를 말없이 건너뜁니다. backward()보다 먼저 부르면 아무 일도 하지 않습니다.
step-without-gradients-fix = 순서는 zero_grad(), 순전파, backward(), step()입니다.

zero-grad-before-step-found = backward()가 채운 그래디언트를 step()({ $step })이 읽기 전에 지웠습니다. step()은 아무것도 보지 못했습니다.
zero-grad-before-step-found-other = 한 역전파의 그래디언트를 아무도 읽기 전에 지웠습니다. step()({ $step })은 다른 역전파의 그래디언트만 보았습니다.
zero-grad-before-step-why = backward()와 step() 사이의 .grad에는 step()에 필요한 값이 있습니다. 거기서 지우면 역전파가 모두 헛일이 됩니다.
zero-grad-before-step-fix = 지우는 일을 backward() 앞이나 step() 뒤로 옮기세요.

never-stepped-found = 역전파가 { $count }번 그래디언트를 계산했지만 파라미터는 한 번도 업데이트되지 않았습니다.
never-stepped-found-one = { $optimizer }의 step()을 부르는 곳이 없습니다. { $names }에 그래디언트가 오지만 아무도 업데이트하지 않습니다.
never-stepped-why = backward()는 .grad를 채울 뿐입니다. optimizer.step()이나 직접 하는 업데이트가 없으면 파라미터는 그대로입니다.
never-stepped-fix = backward() 뒤에 optimizer.step()을 부르세요.

not-in-optimizer-found = 그래디언트는 { $names }에 오는데 이 텐서({ $count }개)를 업데이트하는 옵티마이저가 없습니다. zero_grad()도 그 .grad를 지우지 않습니다.
not-in-optimizer-why = 옵티마이저는 넘겨받은 텐서만 업데이트합니다. 빠진 텐서는 처음 값 그대로 남습니다.
not-in-optimizer-fix = 옵티마이저에 넘기세요. 바뀌지 않아야 한다면 requires_grad_(False)로 고정하세요.

stale-optimizer-found = 옵티마이저가 가진 텐서와 모델이 쓰는 텐서가 다릅니다. 그래디언트는 { $names }({ $count }개)에 오는데, step()은 모양만 같고 이제 쓰이지 않는 텐서를 업데이트합니다.
stale-optimizer-why = 옵티마이저를 만든 뒤에 층을 바꾸면 새 텐서가 생깁니다. 옵티마이저는 옛 텐서를 그대로 가지고 있습니다.
stale-optimizer-fix = 모델을 다 고친 뒤에 옵티마이저를 만들거나, add_param_group()으로 새 파라미터를 더하세요.

unregistered-layers-found =
    { $what ->
        [empty] 옵티마이저가 받은 것이 비어 있습니다. 모델의 parameters()에 아무것도 없습니다. 층이 보통 리스트나 딕셔너리에 들어 있거나, 텐서가 파라미터로 등록되지 않았습니다.
        [plain] { $names }에는 그래디언트가 오지만 어느 옵티마이저에도 없습니다. 모듈의 속성이라도 nn.Parameter가 아닌 텐서는 requires_grad와 상관없이 parameters()에 들지 않습니다.
        [anew] 스텝마다 층을 새로 만듭니다({ $names } 등). 그래디언트는 오지만 옵티마이저에 없고, 다음 스텝은 다시 무작위 값에서 시작합니다.
       *[list] { $names }에는 그래디언트가 오지만 어느 옵티마이저에도 없습니다. 층이 보통 리스트나 딕셔너리에 들어 있어 parameters()가 찾지 못합니다.
    }
unregistered-layers-why = nn.Module은 속성 가운데 모듈과 파라미터만 등록합니다. 리스트나 딕셔너리에 든 층은 실행되지만 parameters(), to(), state_dict(), 옵티마이저에서 빠집니다.
unregistered-layers-fix = nn.ModuleList나 nn.ModuleDict를 쓰세요. 텐서에는 nn.Parameter나 nn.ParameterList를 쓰세요.

scheduler-before-optimizer-found = 첫 optimizer.step()보다 scheduler.step()이 먼저 실행되었습니다. 첫 학습률을 건너뜁니다.
scheduler-before-optimizer-why = 스케줄러는 다음 스텝의 학습률을 정합니다. 먼저 부르면 계획한 학습률이 한 스텝씩 밀립니다.
scheduler-before-optimizer-fix = optimizer.step()을 먼저 부르고 그다음 scheduler.step()을 부르세요.

weight-unchanged-found = { $why ->
        [rate] 학습률이 0입니다. step()이 모든 스텝에서 { JOSA($names, "을/를") } 그대로 두었습니다.
        [zero] 그래디언트가 모두 정확히 0입니다. step()이 모든 스텝에서 { JOSA($names, "을/를") } 그대로 두었습니다.
       *[other] step()이 그래디언트를 읽었지만 모든 스텝에서 { JOSA($names, "을/를") } 그대로 두었습니다. 업데이트가 자료형에 비해 너무 작습니다.
    }
weight-unchanged-found-back = 가중치가 예전 값으로 되돌려집니다. { $count }번이나 예전과 똑같은 값이 되어 그동안 배운 것이 사라집니다.
weight-unchanged-found-mostly = { $name }의 학습률이 첫 스텝부터 { $all }스텝 가운데 { $count }스텝에서 0입니다. 그때마다 step()이 가중치를 모두 그대로 두었습니다.
weight-unchanged-why = 한 비트도 바꾸지 않는 업데이트는 아무것도 가르치지 않습니다. 학습률이 0이거나, 그래디언트가 0이거나, 변화가 반올림에서 사라진 것입니다.
weight-unchanged-fix-back = 저장한 상태는 학습이 끝난 뒤 한 번만 되돌리거나 되돌리지 마세요. 되돌리는 조건을 확인하세요.
weight-unchanged-fix = 학습률을 0보다 크게 하세요. 그래디언트가 0이면 그것을 막는 연산까지 거슬러 찾아보세요.

frozen-weight-moves-found = { $names }의 그래디언트는 언제나 0인데도 값이 움직입니다. { $why ->
        [decay] { $optimizer }의 weight decay가 줄이고 있습니다.
       *[other] { $optimizer }의 모멘텀이 밀고 있습니다.
    }
frozen-weight-moves-found-part = { $names }의 { $percent } %에 대해 프로그램이 그래디언트를 0으로 만드는데도 그 원소들이 움직입니다. { $why ->
        [decay] { $optimizer }의 weight decay가 줄이고 있습니다.
       *[other] { $optimizer }의 모멘텀이 밀고 있습니다.
    }
frozen-weight-moves-fix-part = step() 뒤에 no_grad에서 weight.mul_(mask)처럼 되돌려 놓거나, 옵티마이저가 갖지 않는 별도의 텐서에 두세요.
frozen-weight-moves-why = 0도 그래디언트입니다. 옵티마이저는 .grad가 None이 아닌 파라미터마다 decay와 모멘텀을 적용합니다.
frozen-weight-moves-fix = .grad를 None으로 하거나 옵티마이저에서 빼세요.

uphill-found = { $how ->
        [hand] 빼야 할 그래디언트를 더합니다. 손실이 { $first }에서 { JOSA($last, "으로/로") } 커집니다.
        [minus] 손실 앞에 빼기 기호가 있습니다. 최소화할수록 오차가 { $first }에서 { JOSA($last, "으로/로") } 커집니다.
        [policy] 손실이 로그 확률 곱하기 { $first }인데 빼기 기호가 없습니다. 그대로 최소화하면 가장 좋은 행동이 가장 드물어집니다.
        [bound] 점수에서 점수들의 logsumexp를 뺀 값은 로그 확률이므로 커져야 합니다. 그대로 최소화해서 { $first }에서 { JOSA($last, "으로/로") } 내려갑니다.
       *[other] 옵티마이저가 최대화합니다(maximize=True). 손실이 { $first }에서 { JOSA($last, "으로/로") } 커집니다.
    }
uphill-why = 그래디언트는 손실이 커지는 쪽을 가리킵니다. 업데이트는 그 반대쪽으로 가야 합니다.
uphill-fix = 빼세요: w -= lr * w.grad. maximize는 False로 두고, 커져야 할 것은 빼기 기호를 붙여 손실에 넣으세요.

clipping-before-unscaling-found = 그래디언트에 손실 배율이 곱해진 채로 클리핑했습니다. 한계값이 그래디언트를 거의 없애 버립니다.
clipping-before-unscaling-why = GradScaler는 손실에, 그래서 모든 그래디언트에 큰 수를 곱합니다. 클리핑의 한계값은 원래 그래디언트에 대한 것입니다.
clipping-before-unscaling-fix = 클리핑 전에 scaler.unscale_(optimizer)를 부르세요.

skipped-steps-found = { $how ->
        [divided] 스텝마다 역전파 { $count }번의 그래디언트를 더하는데 손실은 { $usual }번일 때처럼 { JOSA($usual, "으로/로") } 나눕니다. step()이 너무 늦게 옵니다.
        [seldom] 스텝마다 역전파 { $count }번의 그래디언트를 나누지 않고 더합니다. 실행 전체에서 업데이트는 { $usual }번뿐이고, 하나하나가 그만큼 큽니다.
       *[skipped] 업데이트 없이 역전파가 { $count }번 이어졌습니다(스텝 { $step } 부근). 그전에는 스텝마다 { $usual }번이었습니다.
    }
skipped-steps-why = step()이 읽지 않는 그래디언트는 헛일입니다. step()이 더는 맞지 않는 조건 아래에 있거나 들여쓰기가 잘못된 경우가 많습니다.
skipped-steps-fix = 역전파마다, 또는 정해진 횟수마다 optimizer.step()을 부르세요.

clipping-hides-found = 스텝의 { $percent } %에서 그래디언트를 노름 { $norm } 정도에서 { JOSA($limit, "으로/로") } 자릅니다. 한계값이 모든 걸음의 크기를 정하므로 학습률의 뜻이 달라집니다.
clipping-hides-why = 클리핑은 드물게 튀는 값을 위한 것입니다. 거의 언제나 자르면 모든 걸음의 길이가 같아지고, 그래디언트가 지나치게 크다는 사실이 손실에 드러나지 않습니다.
clipping-hides-fix = 학습률이나 처음 가중치를 줄이고, 입력과 정답의 크기를 맞추거나, 한계값을 올리세요.

decay-in-adam-found = weight_decay={ $decay }인 { JOSA($optimizer, "은/는") } decay를 그래디언트에 더합니다. 그러면 적응형 학습률이 그 효과를 거의 없앱니다.
decay-in-adam-why = Adam은 그래디언트를 평소 크기로 나눕니다. 그래디언트에 더한 decay도 함께 나뉘므로, 그래디언트가 큰 가중치는 거의 줄지 않습니다.
decay-in-adam-fix = 가중치 자체를 줄이는 AdamW를 쓰세요.

layer-stands-still-found = { JOSA($names, "은/는") } 스텝마다 크기의 { $ratio }배만 바뀝니다. 다른 층은 { $usual }배 바뀝니다.
layer-stands-still-why = 다른 층보다 100배 느리게 움직이는 층은 같은 시간에 배우는 것이 없습니다.
layer-stands-still-fix = 그 그룹의 학습률을 올리거나, 그래디언트를 줄이는 것을 찾으세요. 바뀌지 않아야 한다면 고정하세요.

unusual-rate-found = { $way ->
        [low] { $optimizer }의 학습률 { JOSA($rate, "은/는") } 너무 작아서 아무것도 움직이지 않습니다.
       *[other] { $optimizer }의 학습률로 { JOSA($rate, "은/는") } 크고, 손실이 줄지 않았거나 크게 튀었습니다.
    }
unusual-rate-why = Adam은 그래디언트의 크기와 상관없이 스텝마다 가중치를 학습률만큼 움직입니다. SGD는 학습률에 그래디언트를 곱한 만큼 움직입니다.
unusual-rate-fix = Adam과 AdamW는 1e-3, SGD는 1e-1이나 1e-2에서 시작해 3배씩 바꿔 보세요.
