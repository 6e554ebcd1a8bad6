# 숫자 하나가 어디에서 왔는지.

why-update = 업데이트
why-before = 이전 값
why-gradient = 그래디언트
why-after = 이후 값
why-change = 변화량
why-no-update = 이 스텝에서는 업데이트되지 않았습니다.

why-its-gradient = 그래디언트: { $value }
why-held = .grad에는 이미 { JOSA($before, "이/가") } 있었고, backward()는 거기에 더합니다.
why-cleared-between = 그 사이에 zero_grad()가 .grad를 지웠으므로(이벤트 { $events }) 마지막으로 지운 뒤에 더한 것만 남았습니다.
why-pass = 역전파 { $number }: { $amount }
why-changed = 이벤트 { $event }에서 { $before }에서 { JOSA($after, "으로/로") } 바뀌었습니다

why-paths = 계산 그래프의 경로
why-one-path = { $loss }에서 { $name }까지 가는 경로는 하나입니다. 연쇄 법칙은 경로를 따라 곱합니다.
why-paths-listed = { $loss }에서 { $name }까지 가는 경로는 { $count }개입니다. 연쇄 법칙은 경로마다 곱한 다음 모두 더합니다.
why-paths-counted = { $loss }에서 { $name }까지 가는 경로는 { $count }개로, 하나씩 따라가기에는 너무 많습니다. 끝에 도착한 값은 다음과 같습니다.

why-samples = 학습 예제별 몫
why-samples-sum = 배치에는 예제가 { $size }개 있습니다. 예제마다 제 몫만큼 밀었고, 그래디언트는 그 합입니다.
why-one-example = 배치에 예제가 하나뿐이므로 모두 그 예제의 몫입니다.
why-example = 예제
why-share = 몫
why-more-examples = 나머지 { $count }개
why-rest = 예제와 무관 (정규화 항 등)
why-sum = 합
why-sum-checked = ✓ PyTorch 없이 다시 계산했습니다. PyTorch의 값과 차이는 { $difference }
why-share-is = 몫 = { $factors }
why-not-split = 예제별로 나누지 못했습니다: { $reason }

why-run = 전체 학습에서
why-run-began = { $first }에서 시작했고, 스텝 { $step } 뒤에는 { $last }입니다.
why-run-unknown-start = 스텝 { $step } 뒤에는 { $last }입니다.
why-run-moved = 가장 크게 움직인 스텝:
why-run-some-steps = 전부 기록한 스텝 { $count }개에서 얻은 결과입니다. 다른 스텝의 변화는 파일에 없습니다.
why-step = 스텝 { $step }

why-entered = 들어간 값
why-entered-some = { $count }개 가운데 영향이 큰 { $shown }개
why-put-in = backward()가 직접 넣은 수입니다. 연쇄 법칙은 여기에서 시작합니다.
why-sent-sum = 노드 { $count }개가 여기로 그래디언트를 보냈고, 모두 더해집니다.
why-terms = 위에서 온 그래디언트 · 국소 미분
why-terms-some = 항 { $count }개 가운데 큰 { $shown }개
why-no-source = 여기로 그래디언트를 보낸 노드가 없습니다.

why-is-parameter = { JOSA($name, "은/는") } 파라미터이고, 이 스텝에서 업데이트되기 전의 값입니다.
why-from-outside = { JOSA($name, "은/는") } 이 스텝 밖에서 온 값입니다. 데이터이거나 그 전에 만들어졌습니다.
why-not-kept = { $name }의 원소가 모두 저장되어 있지는 않습니다 (--keep '*' 옵션으로 기록하세요)
why-no-rule = { $op }({ $place })의 미분 규칙이 아직 없습니다
why-opaque = { $node }({ $place })의 내부는 프로그램이 직접 만든 autograd.Function이라 볼 수 없습니다
why-no-op = { $node }({ $place })에 해당하는 연산이 기록되지 않았습니다
why-too-large = 텐서가 커서 계산이 너무 오래 걸립니다
why-too-many-terms = 들어가는 원소가 너무 많아 나열하지 못합니다
why-mixes = { $node }({ $place })에서 배치가 섞입니다. 한 예제의 그래디언트가 다른 예제의 값에 닿습니다
why-mixes-at-loss = 손실 자체에서 배치가 섞입니다
why-changed-between = { $node }({ $place })의 그래디언트가 그곳으로 온 값의 합과 다릅니다. 훅이 바꾸었습니다
why-not-finite = 중간 그래디언트에 NaN이나 Inf가 있습니다
why-no-batch = 데이터에서 예제가 끝까지 따로 남는 차원을 찾지 못했습니다
why-does-not-add-up = 예제별 몫의 합이 PyTorch의 그래디언트와 다릅니다
why-node-wrong = { JOSA($node, "을/를") } 다시 계산한 결과가 PyTorch가 보낸 값과 다릅니다
