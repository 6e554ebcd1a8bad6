# 손실, 모양, 자료형에 대한 규칙.

softmax-before-cross-entropy-found = cross_entropy에 확률이 들어갑니다. softmax({ $line })를 거친 값인데 cross_entropy가 안에서 softmax를 또 계산합니다. 클래스가 { $classes }개이면 손실은 { $floor } 아래로 내려갈 수 없습니다.
softmax-before-cross-entropy-why = cross_entropy는 확률로 바꾸지 않은 점수(로짓)를 받아 안에서 log-softmax를 계산합니다. softmax를 두 번 하면 점수가 0과 1 사이로 눌려 그래디언트가 작아지고 손실이 0보다 훨씬 위에서 멈춥니다.
softmax-before-cross-entropy-fix = 점수를 그대로 넘기고, softmax는 확률을 보여 줄 때만 쓰세요.

sigmoid-before-logits-loss-found = BCEWithLogits에 확률이 들어갑니다. { $op }({ $line })를 거친 값인데 손실이 안에서 시그모이드를 또 계산하므로 0.5와 0.731 사이만 예측할 수 있습니다.
sigmoid-before-logits-loss-why = binary_cross_entropy_with_logits는 확률로 바꾸지 않은 점수(로짓)를 받아 안에서 시그모이드를 계산합니다.
sigmoid-before-logits-loss-fix = 손실 앞의 sigmoid()를 빼거나 BCELoss를 쓰세요.

broadcast-loss-found = 모양 { JOSA($one, "과/와") } { JOSA($other, "이/가") } { JOSA($square, "으로/로") } 퍼졌습니다. 손실이 예측 { $count }개와 정답 { $count }개를 모두 짝지어({ $pairs }쌍) 비교하므로 모두 평균을 내는 것이 가장 좋은 답이 됩니다.
broadcast-loss-why = 열 (N, 1)과 행 (N,)은 정사각형 (N, N)으로 브로드캐스트됩니다. 예측마다 모든 정답 쪽으로 끌려가므로 모델은 말없이 평균을 배웁니다.
broadcast-loss-fix = 모양을 같게 하세요: prediction.squeeze(1) 또는 target.unsqueeze(1) (target.view(-1, 1)).

bce-on-logits-found = BCELoss에 0과 1 사이를 벗어난 값이 들어갔습니다. 확률이 들어갈 자리에 확률로 바꾸지 않은 점수(로짓)가 들어갔습니다.
bce-on-logits-why = BCELoss는 p와 1 − p의 로그를 씁니다. 그래서 p는 확률이어야 합니다.
bce-on-logits-fix = 점수에는 BCEWithLogitsLoss를 쓰거나, BCELoss 앞에 시그모이드를 두세요.

target-dtype-found = 정답의 자료형이나 형태가 이 손실에 맞지 않습니다.
target-dtype-why = 클래스는 모양이 (N,)인 정수(torch.long)입니다. 맞힐 값은 예측과 자료형, 모양이 같은 실수입니다.
target-dtype-fix = cross_entropy에는 y.long(), 원-핫이면 y.argmax(1)을 쓰세요. MSE와 BCE에는 y.float()를 쓰세요.

integer-values-found = 실수가 필요한 자리에 정수가 있습니다.
integer-values-why = 미분하려면 조금씩 바뀔 수 있는 수라야 합니다. torch.tensor([0, 1])에는 정수가 들어 있습니다.
integer-values-fix = torch.tensor([0.0, 1.0])으로 쓰거나 x.float()를 쓰세요.

nll-without-log-softmax-found = { $what ->
        [across] 이 nll_loss 앞의 log_softmax가 배치의 예제 방향으로 계산됩니다. 예제마다 클래스를 견주는 것이 아니라 클래스마다 예제를 견줍니다.
        [probabilities] nll_loss는 로그 확률을 받는데 확률이 들어갔습니다. 손실이 음수가 되어 끝없이 내려가거나 멈춰 있습니다.
        [picked] 손실이 정답 클래스의 로그 확률이 아니라 점수(로짓)에 음수 부호만 붙인 것입니다. 다른 점수와 상관없이 그 점수만 키우면 되므로 음수가 되어 끝없이 내려갑니다.
       *[other] nll_loss는 로그 확률을 받는데 로그 확률로 바꾸지 않은 점수(로짓)가 들어갔습니다. 손실이 음수가 되어 끝없이 내려가거나 멈춰 있습니다.
    }
nll-without-log-softmax-why = nll_loss는 정답 클래스의 숫자를 골라 부호만 바꿉니다. log_softmax가 돌려준 값을 받습니다.
nll-without-log-softmax-fix = 점수에는 cross_entropy를 쓰거나, nll_loss 앞에 log_softmax를 두세요.

saturated-probability-found = 확률 { $count }개 가운데 { $wrong }개가 정확히 0 또는 1이고 틀렸습니다. BCELoss는 하나마다 100을 더하고, 시그모이드는 그래디언트 0을 돌려줍니다.
saturated-probability-why = float32에서 17의 시그모이드는 정확히 1입니다. 거기서 미분은 0이므로 가장 크게 틀린 답이 아무것도 배우지 못하고, 손실은 100/N의 배수에서 멈춥니다.
saturated-probability-fix = 점수에 BCEWithLogitsLoss를 쓰면 그래디언트가 남습니다. 학습률도 낮추세요.

broadcast-accuracy-found = 모양 { JOSA($one, "과/와") } { JOSA($other, "을/를") } 비교해서 { $count }개가 아니라 { $pairs }쌍을 비교합니다. 맞힌 수에 뜻이 없습니다.
broadcast-accuracy-why = 열 (N, 1)과 행 (N,)은 정사각형으로 퍼집니다. 정확도가 모든 쌍을 세므로 100 %를 넘을 수 있습니다.
broadcast-accuracy-fix = 모양을 같게 해서 비교하세요: prediction.squeeze(1) == y.

target-out-of-reach-found = { JOSA($op, "은/는") } { $low }부터 { $high }까지의 값만 낼 수 있는데 정답은 { $least }와 { $most } 사이에 있습니다. 닿을 수 없는 정답이 많습니다.
target-out-of-reach-found-alone = { $expression }의 softmax는 점수 하나에만 걸려서 점수가 무엇이든 1입니다. 미분이 0이라 { $names }에는 0만 보냅니다.
target-out-of-reach-found-one = cross_entropy에 클래스가 하나뿐입니다. softmax가 언제나 1이라 손실도 그래디언트도 언제나 0입니다.
target-out-of-reach-found-class = 레이블 { $label }에 해당하는 출력이 모델에 없습니다. 레이블은 0부터 셉니다.
target-out-of-reach-why = 마지막 활성 함수와 손실이 예측할 수 있는 범위를 정합니다. 그 밖의 정답은 출력을 끝으로 밀어 미분이 사라지게 하거나, BCE를 끝없이 내려가게 합니다.
target-out-of-reach-fix-alone = 점수가 하나면 시그모이드를 쓰고, BCEWithLogitsLoss에는 그대로 넘기세요. softmax에는 클래스마다 점수가 하나씩 있어야 합니다.
target-out-of-reach-fix = 자유로운 값에는 마지막 활성 함수를 빼거나 정답의 범위를 맞추세요. BCE의 정답은 0과 1이고, 출력은 클래스마다 하나씩 있어야 합니다.

likelihood-minimised-found = 손실이 부호를 바꾸지 않은 로그 가능도입니다. 음수이고 { $first }에서 { JOSA($last, "으로/로") } 내려가므로 정답의 확률이 점점 낮아집니다.
likelihood-minimised-found-kl = kl_div의 첫 인자는 로그 확률인데 확률을 받았습니다. 결과는 발산 값이 아니며, 두 분포가 같을 때 가장 작아지지도 않습니다.
likelihood-minimised-found-divergence = 발산 항이 마이너스로 들어갑니다. exp(v)는 커지고 v는 작아지려 하므로 끝없이 내려가며 두 분포를 떼어 놓습니다.
likelihood-minimised-found-unlimited = { JOSA($expression, "은/는") } 마이너스로 들어가고 끝없이 커질 수 있습니다. 손실에 가장 작은 값이 없어서 { $first }에서 { JOSA($last, "으로/로") } 내려갑니다.
likelihood-minimised-fix-unlimited = 마진처럼 한계를 두세요: torch.relu(near - far + margin).mean().
likelihood-minimised-fix-divergence = 부호를 바꾸세요: -0.5 * (1 + logvar - mu**2 - logvar.exp()). 이 값은 0보다 작아지지 않습니다.
likelihood-minimised-fix-kl = 첫 인자로 F.log_softmax(scores, dim=1)을, 둘째 인자로 목표 확률을 넘기세요.
likelihood-minimised-why = 확률의 로그는 음수이고 0이 가장 좋은 값입니다. 그 값을 키우려면 부호를 바꾼 것을 줄여야 합니다.
likelihood-minimised-fix = 앞에 마이너스를 붙이거나(loss = -(y * p.log() + (1 - y) * (1 - p).log()).mean()) PyTorch의 손실 함수를 쓰세요.

activated-logits-found = 마지막 층과 손실 사이에 { JOSA($op, "이/가") } 있습니다. 이 손실은 확률로 바꾸지 않은 점수(로짓)를 받습니다. { $op ->
        [relu] 음수인 점수가 모두 0이 되고 그래디언트도 오지 않습니다.
       *[other] 점수가 좁은 범위를 벗어나지 못해 모델이 확신할 수 없습니다.
    }
activated-logits-why = cross_entropy와 BCEWithLogits는 softmax나 시그모이드를 안에서 계산하므로 −∞부터 ∞까지의 점수가 필요합니다.
activated-logits-fix = 마지막 활성 함수를 빼세요.

squared-error-of-probability-found = { $op }의 출력과 정답 0, 1 사이의 제곱 오차를 구합니다. 확신하면서 틀린 답에 그래디언트가 거의 오지 않습니다.
squared-error-of-probability-why = 제곱 오차의 미분에는 시그모이드의 미분이 들어 있고, 그 값은 0과 1 근처에서 사라집니다. 교차 엔트로피에서는 이것이 약분됩니다.
squared-error-of-probability-fix = 시그모이드를 거치지 않은 점수에 BCEWithLogitsLoss(또는 cross_entropy)를 쓰세요.

summed-loss-found = 손실이 배치의 행 { $rows }개를 더한 값입니다. 그래디언트도 그만큼 커지고 배치 크기에 따라 달라집니다.
summed-loss-why = 합을 쓰면 알맞은 학습률이 배치 크기에 따라 달라집니다. 더 작은 마지막 배치는 적게 반영됩니다.
summed-loss-fix = 평균을 쓰거나, 학습률을 배치 크기로 나누세요.

penalty-dominates-found = 가중치에 거는 정규화 항({ $penalty })이 손실 자체({ $loss })보다 큽니다. 데이터를 배우는 것보다 가중치를 줄이는 것이 먼저가 됩니다.
penalty-dominates-found-decay = 가중치 감쇠(weight decay, { $decay })가 그래디언트에 더하는 값이 손실에서 오는 그래디언트의 { $times }배입니다. 가중치가 배우는 것보다 더 많이 줄어듭니다.
penalty-dominates-found-shrink = 가중치 감쇠가 스텝마다 모든 가중치를 { $percent } %씩 줄입니다. 모델이 찍는 수준에 머무릅니다.
penalty-dominates-found-summed = 이 항은 배치의 예제 { $rows }개를 모두 더한 합인데 옆의 손실은 평균이고, 그 손실은 아무렇게나 맞히는 값에 머뭅니다. 합이 모든 것을 정합니다.
penalty-dominates-fix-summed = 둘 다 배치에 대해 평균을 내세요: torch.sum(…, dim=1).mean(), 또는 합을 예제 수로 나누세요.
penalty-dominates-why = 정규화 항은 손실을 조금 보정하려고 더합니다. 이 항이 더 크면 0에 가까운 가중치가 가장 좋은 답이 됩니다.
penalty-dominates-fix = 정규화 항에 더 작은 계수를 곱하세요.
