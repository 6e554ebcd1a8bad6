# 수학이 하나로 정하지 않는 곳에서 PyTorch가 하는 일과 이유.

note-flat-between-jumps = 뛰는 곳 사이에서 결과가 평평하므로 도함수는 어디서나 0입니다. 그래디언트가 지나가지 못하고, 이 연산 앞쪽은 이 경로로 배우는 것이 없습니다.
note-root-at-zero = 제곱근의 기울기는 0에 가까울수록 한없이 커집니다. 정확히 0에서는 무한대이고, 더 거슬러 올라가 0과 곱해지면 NaN이 됩니다.
note-power-zero = 지수가 0이면 결과가 어디서나 1이므로, 0⁰에서도 도함수는 0입니다.
note-clamp-inclusive = 값이 경계를 포함한 범위 안에 있으면 그래디언트가 지나가고, 밖이면 0으로 잘립니다.
note-ties-share-evenly = 가장 큰(또는 작은) 값이 여럿이면 그래디언트를 똑같이 나눕니다.
note-ties-go-to-self = 둘이 같으면 그래디언트는 앞의 것으로 갑니다.
note-abs-at-zero = |x|는 0에서 꺾입니다. PyTorch는 그곳의 기울기를 0으로 둡니다.
note-relu-at-zero = 정확히 0에서 꺾입니다. PyTorch는 평평한 쪽의 기울기를 쓰며, relu에서는 0입니다.
note-kink-outside = 꺾이는 점에서 PyTorch는 값을 바깥으로 봅니다. 그곳의 기울기는 0입니다.
note-max-first-of-ties = 가장 큰 값이 여럿이면 그래디언트 전체가 인덱스로 돌려준 하나로 갑니다.
note-grid-sample-at-border = 이미지 경계에서 보간이 꺾입니다. PyTorch는 표본을 뽑는 쪽의 기울기를 씁니다.
note-batch-norm-saved-statistics = 학습 모드에서는 평균과 분산이 배치의 모든 예에 달려 있어서, 한 예의 그래디언트에 다른 예들의 몫이 들어 있습니다.
note-bce-log-clamped = BCELoss는 로그를 −100에서 자르므로 확률이 정확히 0이나 1이어도 손실이 유한합니다. 거슬러 갈 때는 p·(1 − p)로 나누며, 이 값은 적어도 10⁻¹²입니다.
note-ctc-softmax-included = PyTorch의 공식은 앞에 log_softmax가 있다고 보고, log_softmax가 넘길 그래디언트를 바로 냅니다.
note-norm-at-zero = 노름은 0에서 꺾입니다. PyTorch는 그곳의 그래디언트를 0으로 둡니다.
note-soft-margin-overflow = PyTorch는 exp(−target·x)를 그 값에 1을 더한 수로 나눕니다. float32에서는 target·x가 −88보다 작으면 지수 함수의 값이 너무 커져 그래디언트가 ∞/∞, 곧 NaN이 됩니다. 극한값은 −target입니다.
note-one-index = 그래디언트 전체가 인덱스로 돌려준 원소 하나로 갑니다.
note-std-at-zero = 값이 모두 같으면 표준편차는 0이고 그곳에서 꺾입니다. PyTorch는 그곳의 그래디언트를 0으로 둡니다.
note-uninitialised = 새 텐서에는 메모리에 남아 있던 값이 그대로 들어 있습니다. 그 숫자에는 이유가 없습니다.
reason-saved-values-unseen = PyTorch가 계산에 쓴, 이 노드가 보관한 값이 기록에 없습니다. 저장된 텐서에 걸린 훅이 값을 바꾸었을 수 있습니다
reason-formula-failed = 기록된 인자로는 공식을 계산할 수 없었습니다

# 한 이벤트의 수에서 특별한 점.

special-nan-born-value = 여기서 NaN이 생겼습니다. 들어온 값은 모두 수인데 결과 { $total }개 가운데 { $count }개가 NaN입니다.
special-nan-born-gradient = 여기서 NaN이 생겼습니다. 계산에 쓰인 값은 모두 수인데 나가는 그래디언트 { $total }개 가운데 { $count }개가 NaN입니다.
special-nan-travels-value = 들어온 NaN이 결과 { $total }개 가운데 { $count }개로 퍼집니다. NaN이 든 합과 곱은 모두 NaN입니다.
special-nan-travels-gradient = 들어온 NaN이 그래디언트 { $total }개 가운데 { $count }개로 퍼집니다. NaN이 든 합과 곱은 모두 NaN이고, 0·NaN도 그렇습니다.
special-inf-born-value = 결과 { $total }개 가운데 { $count }개가 무한대입니다.
special-inf-born-gradient = 계산에 쓰인 값은 모두 유한한데 나가는 그래디언트 { $total }개 가운데 { $count }개가 무한대입니다.
special-inf-travels-value = 들어온 무한대가 결과 { $total }개 가운데 { $count }개로 이어집니다.
special-inf-travels-gradient = 들어온 무한대가 그래디언트 { $total }개 가운데 { $count }개로 이어집니다.
special-of-infinities = ∞−∞, 0·∞, ∞/∞에는 정해진 값이 없습니다. 부동소수점 연산(IEEE 754)은 이런 경우 NaN을 냅니다.
special-slope = 그곳의 도함수가 무한대이거나 정해지지 않는데(0의 제곱근, 0으로 나누기, 너무 큰 수), 연쇄 법칙은 그것을 곱합니다. 0·∞는 NaN입니다.
special-no-value = 맞는 실수가 없습니다. 0/0, 빈 것의 평균, 음수의 제곱근, 함수가 받지 않는 수 같은 경우입니다.
special-overflow = 계산 도중의 수가 { JOSA($dtype, "으로/로") } 나타내기에는 너무 큽니다. 가장 큰 수는 { $largest }이고, 그것을 넘으면 무한대가 됩니다.
special-log-zero = ln 0은 −∞입니다. PyTorch는 오류 없이 극한값을 냅니다.
special-log-negative = 음수에는 실수 로그가 없습니다.
special-root-negative = 음수에는 실수 제곱근이 없습니다.
special-divided-by-zero = 부동소수점 연산(IEEE 754)은 0으로 나누어도 오류를 내지 않습니다. x/0은 ±∞, 0/0은 NaN입니다.
special-log-cut = 확률 { $total }개 가운데 { $count }개가 정확히 0이나 1이면서 정답과 다릅니다. ln 0은 −∞이지만 PyTorch는 −100으로 세므로 손실이 유한합니다.
special-steepest = 확률 { $total }개 가운데 { $count }개가 정확히 0이나 1이면서 정답과 다릅니다. 그곳에서 p·(1 − p)는 0이라 PyTorch가 10⁻¹²로 나누므로 그래디언트가 아주 큽니다. 그 앞의 시그모이드는 0을 곱하므로 그 그래디언트를 조금도 넘기지 않습니다.
special-saturated-sigmoid = 결과 { $total }개 가운데 { $count }개가 반올림되어 정확히 0이나 1입니다. 그곳의 기울기 y·(1 − y)는 정확히 0이므로, 결과가 아무리 틀려도 그래디언트가 지나가지 못합니다.
special-saturated-tanh = 결과 { $total }개 가운데 { $count }개가 반올림되어 정확히 −1이나 1입니다. 그곳의 기울기 1 − y²는 정확히 0이므로 그래디언트가 지나가지 못합니다.
special-relu-off = 결과 { $total }개 가운데 { $count }개가 0입니다. 그곳의 기울기는 0이므로, 앞쪽은 이 원소들에서 배우는 것이 없습니다.
special-ties = 결과 { $total }개 가운데 { $count }개에서는 원소 여럿이 같은 값으로 뽑혔습니다.
special-equal = 두 값의 짝 { $total }개 가운데 { $count }개가 서로 같습니다.
special-counts-of-others = 인덱스 { $total }개 가운데 { $count }개: scale_grad_by_freq는 그 인덱스가 나온 횟수로 나누어야 하지만, PyTorch가 횟수 목록의 엉뚱한 자리를 읽어 다른 인덱스가 나온 횟수로 나눕니다.
