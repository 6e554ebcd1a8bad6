# 한 스텝의 설명: 제목과 이유.

event-op = { $result }: { $operation }
event-backward = { $root }.backward(): ∂{ $root }/∂{ $root } = 1에서 시작
event-grad = { $root }에서 시작하는 torch.autograd.grad
event-node = { $node }
event-node-of = { $node }: { $result } = { $operation }(…)를 거슬러 감
event-accumulate-first = { $parameter }.grad가 채워짐
event-accumulate = { $parameter }.grad에 더해짐
event-zero-grad = { $owner }.zero_grad()
event-grad-change = { $parameter }.grad가 바뀜
event-step = { $optimizer }.step()
event-update = { $optimizer }: { $parameter } 업데이트
event-opaque = { $name }
event-other = { $kind }

note-from-python = 주어진 수입니다. 파이썬 리스트가 텐서로 바뀌었습니다.
note-summed = { $gradients }: 수 하나가 브로드캐스트되어 여러 곳에 쓰였고, 그곳마다 손실을 바꿉니다. 그래서 그래디언트는 그 모든 곳에서 온 값의 합입니다.
note-node = 역전파를 위해 PyTorch가 { JOSA($node, "을/를") } 그래프에 적어 둡니다.
note-node-saves = 역전파를 위해 PyTorch가 { JOSA($node, "을/를") } 그래프에 적고 { JOSA($saved, "을/를") } 보관합니다.
note-backward-start = 연쇄 법칙은 { $root }에서 시작하며, 그곳에는 수 하나가 있어야 합니다. { JOSA($root, "이/가") } 자기 자신에 대해 변하는 비율, 곧 1입니다. 수가 여러 개인 텐서라면 무엇을 줄여야 할지 정해지지 않으므로 저절로 시작할 수 없습니다.
note-graph-kept = 그래프를 지우지 않고 남겨 둡니다. 역전파가 한 번 더 지나갈 수 있습니다.
note-accumulate-first = 아직 { $parameter }.grad가 비어 있었으므로, 이번 기여분이 그대로 .grad가 됩니다.
note-accumulate = backward()는 { $parameter }.grad에 있던 값에 더합니다. 스텝마다 zero_grad()를 부르지 않으면 앞 스텝의 그래디언트가 합에 남습니다.
note-zero-grad-none = 모든 .grad를 None으로 만듭니다. backward()는 .grad에 더하기만 하므로, 지우지 않으면 앞 스텝의 값이 다시 더해집니다.
note-zero-grad-zero = 모든 .grad를 0으로 채웁니다. backward()는 .grad에 더하기만 하므로, 지우지 않으면 앞 스텝의 값이 다시 더해집니다.
note-zero-grad-nothing = 지울 .grad가 없었습니다.
note-step = { JOSA($optimizer, "은/는") } 손실을 보지 않습니다. backward()가 채워 둔 바로 그 .grad를 파라미터마다 읽어, 파라미터를 제자리에서 바꿉니다.
note-opaque = 이 안에서 일어나는 일은 밖에서 볼 수 없습니다. 들어가고 나온 값만 알 수 있습니다.

reason-opaque-node = 사용자가 만든 autograd.Function입니다. backward가 사용자 코드라서 공식이 없습니다
reason-no-op-recorded = 이 노드를 만든 연산이 기록되지 않았습니다
reason-no-rule-yet = 이 연산의 미분 규칙이 아직 없습니다. 수는 PyTorch가 계산한 것입니다
reason-no-gradient-recorded = 나간 그래디언트가 없습니다
reason-values-not-kept = 원소를 모두 보관하지 않았습니다(--keep으로 기록하면 남습니다)
reason-no-contribution = 들어온 그래디언트가 없습니다
reason-grad-consumed = 훅이 .grad를 바로 써 버렸습니다
reason-random = 난수라서 다시 계산할 것이 없습니다
reason-order-unspecified = NaN이 순서에서 어디에 놓이는지는 PyTorch가 정해 두지 않았습니다
reason-uninitialised = 초기화하지 않은 메모리라서 다시 계산할 것이 없습니다
reason-no-output-recorded = 새 텐서를 내놓지 않으므로 비교할 것이 없습니다
reason-argument-without-formula = 인자 하나에 대한 공식이 규칙에 없습니다
reason-output-without-formula = 출력 하나에 대한 공식이 규칙에 없습니다
reason-unknown-optimizer = torch.optim의 옵티마이저가 아니어서 계산식을 알 수 없습니다
reason-other = { $reason }
reason-lbfgs = LBFGS는 한 방향을 따라 탐색하며(line search) closure를 여러 번 부릅니다. 새 값을 한 번에 주는 공식이 없습니다
reason-bfloat16-inside = Muon은 업데이트를 bfloat16으로 계산합니다. 여기서는 기계마다 다른 그 반올림이 업데이트의 20분의 1을 넘을 수 있습니다. 모멘텀은 다시 계산했습니다
reason-extreme-numbers = 제곱하면 dtype의 범위를 벗어나는, 범위의 끝에 가까운 수들입니다. 중간 결과 가운데 어느 것이 넘치거나 자릿수를 잃는지는 계산 순서에 달려 있습니다
reason-not-finite-open = NaN이나 무한대가 들어갔고, PyTorch의 커널이 이를 공식과 다르게 처리했습니다. 0·∞나 NaN과의 비교를 어떻게 처리하는지는 PyTorch의 커널들끼리도 서로 다릅니다
reason-nothing-to-compare = 나간 값 가운데 원소까지 기록된 것이 없습니다
reason-not-positive-definite = 양의 정부호 행렬이 아니어서 이런 인수가 없습니다. PyTorch는 이를 알아차릴 때까지 계산한 값을 그대로 남깁니다
reason-view-without-base = 이 뷰가 가리키는 원래 텐서가 기록되지 않았습니다
reason-outside-the-tensor = 기록된 텐서 바깥의 메모리를 읽는 뷰입니다
