# 그래프에 대한 규칙.

loss-without-graph-found = 이 손실로 이어지는 텐서 가운데 그래디언트가 필요한 것이 없습니다. backward()가 따라갈 그래프가 없습니다.
loss-without-graph-why = backward()는 손실에서 연산을 거슬러 그래디언트가 필요한 텐서까지 갑니다. 그런 텐서가 없으면 갈 곳이 없습니다.
loss-without-graph-fix = 학습할 텐서에 requires_grad=True를 주세요(nn.Parameter에는 있습니다). 모두 고정하지는 마세요.

graph-cut-found-all = { $way ->
        [no-grad] { JOSA($expression, "은/는") } 그래디언트를 끈 채로 계산되어, 손실에서 파라미터로 가는 그래프가 없습니다.
        [detach] { JOSA($expression, "이/가") } 손실과 모든 파라미터 사이를 끊습니다. detach()나 .data가 돌려주는 텐서에는 그래프가 없습니다.
        [item] { JOSA($expression, "이/가") } 텐서를 파이썬 숫자로 바꿉니다. 그 숫자로 만든 손실에는 그래프가 없습니다.
       *[other] { $expression }에서 그래프가 끝납니다. 손실에서 파라미터로 가는 길이 없습니다.
    }
graph-cut-found = { $way ->
        [no-grad] { JOSA($expression, "은/는") } 그래디언트를 끈 채로 계산되었습니다. { $names }에는 그래디언트가 오지 않습니다.
        [detach] { JOSA($expression, "이/가") } { JOSA($names, "을/를") } 손실에서 끊습니다. 그래디언트가 오지 않습니다.
        [item] { JOSA($expression, "이/가") } 텐서를 파이썬 숫자로 바꿉니다. { $names }에는 그래디언트가 오지 않습니다.
       *[other] { JOSA($expression, "이/가") } { JOSA($names, "을/를") } 손실에서 끊습니다. 그래디언트가 오지 않습니다.
    }
graph-cut-why = detach(), .data, .item(), .numpy(), torch.tensor(t), argmax, 비교, no_grad()가 만드는 텐서에는 계산 이력이 없습니다. 끊긴 곳 앞은 아무것도 배우지 못하는데, PyTorch는 모두 끊겼을 때만 오류를 냅니다.
graph-cut-fix = 손실로 가는 길에는 텐서를 그대로 쓰고, 보여 주거나 남길 때만 detach()하세요.

second-backward-found = 두 번째 역전파가, 첫 번째 역전파가 이미 값을 비운 그래프에 들어갔습니다.
second-backward-why = backward()는 연산이 간직한 값을 비웁니다. retain_graph가 없으면 그래프는 한 번만 지나갈 수 있으므로, 다음 스텝이 쓰는 것은 새로 계산해야 합니다.
second-backward-fix = 파라미터로 계산하는 것은 스텝마다 다시 계산하세요. 이어 가는 상태는 detach()하고, 손실이 여럿이면 더해서 backward()를 한 번 부르세요. retain_graph=True는 정말 같은 그래프를 쓸 때만 씁니다.

overwritten-saved-tensor-found = 연산이 역전파에 쓰려고 간직한 값이, backward()가 오기 전에 제자리에서 바뀌었습니다.
overwritten-saved-tensor-why = 어떤 미분은 연산이 받거나 돌려준 값으로 계산합니다. 제자리에서 바꾸면 그 숫자가 사라집니다.
overwritten-saved-tensor-fix = x += 1 대신 x = x + 1로 쓰거나 clone()한 것을 바꾸세요.

leaf-in-place-found = autograd가 지켜보는 동안 파라미터를 제자리에서 바꾸었습니다.
leaf-in-place-why = 그래디언트가 필요한 리프는 그래프가 시작하는 곳입니다. 그래프 안에서는 값을 바꿀 수 없습니다.
leaf-in-place-fix = 업데이트를 with torch.no_grad(): 안에 넣으세요.

non-scalar-backward-found = 원소가 여럿인 텐서에 backward()를 불렀습니다. 어느 원소를 줄일지 정해지지 않았습니다.
non-scalar-backward-why = 그래디언트는 숫자 하나에 대한 것입니다. 여럿이면 원소마다 가중치가 있어야 합니다.
non-scalar-backward-fix = .mean()이나 .sum()으로 손실을 하나로 만들거나, 가중치를 넘기세요: loss.backward(weights).

weight-rebound-found = { $what ->
        [copy] { JOSA($expression, "은/는") } 복사본을 바꿉니다. { JOSA($names, "은/는") } 처음 값 그대로입니다.
        [nothing] { JOSA($expression, "이/가") } 새로 만든 텐서를 아무도 쓰지 않습니다. { JOSA($names, "은/는") } 처음 값 그대로입니다.
       *[name] { JOSA($expression, "은/는") } 새 텐서를 만들어 가중치의 이름을 줍니다. 이 텐서는 학습하던 텐서가 아닙니다.
    }
weight-rebound-why = w = w - lr * w.grad는 w를 바꾸지 않고 다른 텐서를 계산합니다. no_grad() 안이면 그래디언트가 필요 없는 텐서가 되고, 밖이면 리프가 아니라서 .grad가 None으로 남습니다.
weight-rebound-fix = no_grad() 안에서 제자리로 업데이트하세요: w -= lr * w.grad.

gradient-of-non-leaf-found = 연산이 만든 텐서의 .grad를 읽었습니다. 그래디언트는 리프에만 남으므로 None입니다.
gradient-of-non-leaf-why = backward()는 리프, 곧 연산이 만들지 않은 텐서에만 그래디언트를 남깁니다. requires_grad=True 뒤에 .to(), *, .view()를 거친 파라미터는 더는 리프가 아닙니다.
gradient-of-non-leaf-fix = backward() 전에 retain_grad()를 부르거나, 파라미터 자체를 리프로 만드세요. 옮기고 곱한 다음 requires_grad_()를 부르면 됩니다. 그래디언트는 기록에 이미 있으니 retrograd steps로 볼 수 있습니다.

loss-kept-with-graph-found = { $how ->
        [list] 지난 스텝의 손실을 그래프째 모아 두고 있습니다. 스텝마다 메모리가 늘어납니다.
       *[sum] 더해 가는 손실이 지금까지 모든 스텝의 그래프를 붙들고 있습니다. 스텝마다 메모리가 늘어납니다.
    }
loss-kept-with-graph-why = 손실은 그래프 전체의 끝입니다. 텐서인 채로 더하면 어느 그래프도 비울 수 없습니다.
loss-kept-with-graph-fix = loss.item()을 더하세요(또는 loss.detach()).

zero-derivative-found = { $what ->
        [own] { $expression }의 backward()가 모든 스텝에서 그래디언트를 받고 0을 돌려줍니다. { $names }에는 아무것도 오지 않습니다.
       *[jumps] { $expression }의 미분은 0입니다. 그래디언트를 받아 { $names }에는 0만 보냅니다.
    }
zero-derivative-fix-own = backward()가 들어온 값에 어디서나 0은 아닌 미분(예: 시그모이드의 미분, 대리 그래디언트)을 곱해 돌려주게 하세요.
zero-derivative-why = round(), floor(), sign()은 뛰는 곳 사이에서 평평합니다. PyTorch는 올바른 미분 0을 말없이 계산하고, 그 앞은 아무것도 배우지 못합니다.
zero-derivative-fix = 학습할 때는 반올림을 빼거나, 부드러운 함수 또는 straight-through 추정을 쓰세요: x + (x.round() - x).detach().

zero-gradients-found = { $what ->
        [limits] { JOSA($expression, "은/는") } 모든 예제에서 한계를 벗어나 있고, 거기서는 미분이 0입니다. 그래디언트를 받아 { $names }에는 0만 보냅니다.
        [part] { JOSA($expression, "은/는") } 모든 예제에서 한계를 벗어나 있고, 거기서는 미분이 0입니다. 이 길로는 { $names }에 아무것도 전해지지 않습니다.
       *[hinge] { JOSA($expression, "은/는") } 첫 스텝부터 모든 예제에서 0이고, 거기서는 미분이 0입니다. 그래디언트를 받아 { $names }에는 0만 보냅니다.
    }
zero-gradients-why = 값이 놓인 곳에서 평평한 함수는 거기서 미분이 0입니다. 그 앞은 어느 쪽으로 움직일지 알 수 없어 평평한 곳에 그대로 머뭅니다.
zero-gradients-fix = 함수가 평평하지 않은 곳에 값을 두세요.
zero-gradients-fix-limits = 학습할 때는 한계를 빼거나, 어디서도 평평하지 않은 함수로 범위 안에 두세요. 예: low + (high - low) * torch.sigmoid(x).
zero-gradients-fix-hinge = 들어오는 값을 확인하세요. 부호가 뒤바뀌었거나, 배우기 전부터 채워진 마진일 수 있습니다.

unused-parameter-found = { $names }에 그래디언트가 한 번도 오지 않았습니다. 파라미터 { $count }개가 어떤 손실에도 쓰이지 않습니다.
unused-parameter-why = 손실로 가는 연산에 쓰이지 않은 파라미터에는 그래디언트가 없어서 step()이 건너뜁니다.
unused-parameter-fix = forward()에서 쓰거나, 옵티마이저에 넘기지 마세요.

leaf-lost-found = { JOSA($name, "은/는") } 리프가 아닙니다. 그래디언트가 필요한 텐서에서 { JOSA($expression, "이/가") } 새로 만든 텐서입니다. 그래디언트는 처음 텐서에 쌓이고 { $name }.grad는 None으로 남습니다.
leaf-lost-why = .to(), .cuda(), .double()과 산술 연산은 새 텐서를 만듭니다. requires_grad=True를 먼저 주면 처음 텐서가 리프인데, 그 텐서에는 이제 이름이 없습니다.
leaf-lost-fix = 옮기고 곱하는 일을 먼저 하고 그래디언트는 나중에 켜세요: w = (torch.randn(3, 1) * 0.1).requires_grad_().

graph-grows-found = { $how ->
        [weights] { JOSA($expression, "은/는") } 옛 가중치로 새 가중치를 만들면서 그래프까지 물려줍니다. 지금까지 모든 스텝의 그래프가 거기에 매달려 있습니다.
       *[nodes] 역전파가 지난 스텝의 그래프를 매번 다시 지나갑니다. 처음에는 노드 { $first }개, 나중에는 { $last }개가 실행됩니다.
    }
graph-grows-why = 그래프가 달린 텐서를 다음 스텝으로 넘기면 그 그래프가 이후 모든 손실의 일부가 됩니다. 스텝마다 시간과 메모리가 늘고, 지난 배치가 거듭 계산됩니다.
graph-grows-fix = 그래프 말고 숫자만 넘기세요: state.detach(), total + loss.item(). 그러면 retain_graph=True도 필요 없습니다.

new-leaf-in-the-middle-found = { JOSA($expression, "이/가") } 그래프 중간에 새 리프를 만듭니다. 그래디언트가 거기서 끝나 { $names }에는 오지 않습니다. requires_grad=True 때문에 PyTorch도 오류를 내지 않습니다.
new-leaf-in-the-middle-why = 그래디언트가 필요한 복사본은 이어짐이 아니라 새 시작입니다. backward()는 오류 없이 실행되고 복사본에서 멈춥니다.
new-leaf-in-the-middle-fix = 텐서를 그대로 쓰세요. 연산이 만든 텐서에는 detach(), torch.tensor(t), requires_grad_()를 쓰지 마세요.
