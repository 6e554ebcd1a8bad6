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
note-one-index = 그래디언트 전체가 인덱스로 돌려준 원소 하나로 갑니다.
note-std-at-zero = 값이 모두 같으면 표준편차는 0이고 그곳에서 꺾입니다. PyTorch는 그곳의 그래디언트를 0으로 둡니다.
note-uninitialised = 새 텐서에는 메모리에 남아 있던 값이 그대로 들어 있습니다. 그 숫자에는 이유가 없습니다.
reason-saved-values-unseen = PyTorch가 계산에 쓴, 이 노드가 보관한 값이 기록에 없습니다. 저장된 텐서에 걸린 훅이 값을 바꾸었을 수 있습니다
reason-formula-failed = 기록된 인자로는 공식을 계산할 수 없었습니다
