# 숫자에 대한 규칙: NaN, 무한대, 처음 값, 활성값.

nonfinite-value-found = 첫 { $what ->
        [nan] NaN이
       *[other] 무한대가
    } 스텝 { $step }의 { $where ->
        [backward] 역전파
        [update] 파라미터 업데이트
       *[other] 순전파
    }에서 { $expression }에 나타났습니다. 시작은 { $begins }입니다.
nonfinite-value-found-light = 스텝 { $step }부터 손실이 NaN이거나 무한대입니다. 그 스텝은 간단히 기록했습니다. 어디서 시작하는지 보려면 --steps { $step }로 다시 실행하세요.
nonfinite-value-why = NaN은 퍼집니다. NaN으로 계산한 것은 모두 NaN이고, 다음 step() 뒤에는 가중치도 NaN이 됩니다.
nonfinite-value-fix = 손실이 아니라 처음 나타난 줄을 보세요. 숫자가 커지고 있었다면 학습률을 낮추고, 로그와 제곱근, 나눗셈에는 위험한 값이 들어가지 않게 하세요.

logarithm-of-zero-found = { JOSA($expression, "이/가") } { $least }의 로그를 계산합니다(0이 { $zeros }개). 결과가 −∞나 NaN이고, 0 · (−∞)는 NaN입니다.
logarithm-of-zero-why = 시그모이드와 softmax는 반올림되어 정확히 0이나 1이 됩니다. 0의 로그는 −∞입니다.
logarithm-of-zero-fix = 점수에 binary_cross_entropy_with_logits나 cross_entropy를 쓰세요. 아니면 로그 앞에 clamp(min=1e-7)을 두세요.

infinite-derivative-found = 그 자리에서 { $expression }의 미분이 무한대나 NaN입니다. { JOSA($node, "이/가") } 유한한 그래디언트를 받아 유한하지 않은 값을 보냈습니다.
infinite-derivative-found-hidden = { $expression }에는 유한하지 않은 자리가 있고 where()가 그 자리를 가립니다. 손실은 유한하지만 그 자리의 미분은 0 곱하기 NaN, 곧 NaN입니다.
infinite-derivative-why = sqrt와 노름, 분수 거듭제곱은 0에서 미분이 무한대입니다. 나중에 torch.where나 마스크로 가려도 0 곱하기 무한대는 NaN입니다.
infinite-derivative-fix = 연산 앞에서 입력을 경계에서 떨어뜨리세요: sqrt(x + 1e-8), 또는 입력 쪽에 where().

nan-in-data-found = 계산하기 전부터 { $name }에 NaN이나 무한대가 있습니다(행 { $rows }).
nan-in-data-why = 데이터에 NaN이 하나만 있어도 손실과 그래디언트, 가중치가 NaN이 됩니다.
nan-in-data-fix = 그 행을 빼거나 채우세요. torch.isfinite(x).all()로 확인할 수 있습니다.

symmetric-units-found = { $names }의 유닛이 모두 같은 가중치로 시작해서 같은 그래디언트를 받고, 끝까지 똑같습니다. 층 전체가 유닛 하나와 다르지 않습니다.
symmetric-units-why = 똑같이 시작한 유닛은 같은 것을 계산하고 같은 그래디언트를 받습니다. 서로 달라질 일이 없습니다.
symmetric-units-fix = 무작위 값으로 시작하세요(nn.Linear는 그렇게 합니다. 아니면 nn.init.kaiming_uniform_). 0으로 시작해도 되는 것은 편향과 마지막 층뿐입니다.

update-too-large-found = 스텝 { $step }부터 업데이트 한 번이 가중치를 그 크기의 { $percent } %만큼 바꿉니다(보통 0.1 %). 학습률은 { $rate }이고 손실이 가라앉지 않습니다.
update-too-large-found-aside = { $expression }의 한 걸음이 출발한 가중치의 약 { $percent } %입니다. 원래 가중치가 남지 않습니다.
update-too-large-why = 그래디언트는 가까운 곳에서만 맞습니다. 가중치만큼 큰 걸음은 엉뚱한 곳에 닿습니다.
update-too-large-fix = 학습률을 10으로 나누세요. 스텝마다 0.1 % 정도 바뀌는 것이 알맞습니다.

loss-rises-found = 손실이 { $start }에서 { JOSA($end, "으로/로") } 커집니다. 스텝이 골짜기를 뛰어넘고 있습니다.
loss-rises-why = 학습률이 어느 정도를 넘으면 스텝마다 반대쪽 더 높은 곳에 닿습니다.
loss-rises-fix = 학습률을 3분의 1이나 10분의 1로 낮추세요. 어떤 배치에서만 튀면 그래디언트를 클리핑하세요.

learning-rate-too-low-found = 학습률 { $rate }에서는 업데이트가 가중치를 그 크기의 { $ratio }배만 바꿉니다. 손실도 그대로입니다. 처음 { $first }, 마지막 { $last }.
learning-rate-too-low-found-worn = 스케줄러가 학습률을 { $most }에서 { $rate }까지 낮췄습니다. 스텝 { $step }부터 가중치가 거의 움직이지 않고, 손실은 { $last }에 머무릅니다.
learning-rate-too-low-why = 가중치의 10만분의 1보다 작은 변화로는 스텝이 10만 번 필요합니다.
learning-rate-too-low-fix = 손실이 움직일 때까지 학습률을 10배씩 올리세요.

dead-relu-found = 이 ReLU의 유닛 { $percent } %가 배치의 모든 예제에서 0입니다. 흘러가는 값도, 돌아오는 그래디언트도 없습니다.
dead-relu-why = 모든 예제에서 음수인 ReLU는 어디서나 미분이 0입니다. 스스로 살아나지 못합니다.
dead-relu-fix = 학습률을 낮추거나, 편향을 0이나 조금 큰 값에서 시작하거나, LeakyReLU 또는 GELU를 쓰세요.

saturated-activation-found = 이 { $op }의 입력 { $percent } %가 ±5 밖에 있습니다. 거기서는 미분이 거의 0입니다.
saturated-activation-why = ±5에서 시그모이드의 미분은 0.007, tanh의 미분은 0.0002입니다. 그 앞은 거의 배우지 못합니다.
saturated-activation-fix = 입력을 정규화하고, 더 작은 가중치로 시작하거나, 활성화 앞에 정규화 층을 두세요.

vanishing-gradients-found = 그래디언트가 층을 거슬러 가는 동안 줄어듭니다. { $last }에서 { $near }, { $first }에서 { $far }입니다.
vanishing-gradients-found-time = 시퀀스를 도는 반복에서 그래디언트가 한 번 돌 때마다 작아집니다. 마지막에는 { $near }, 처음에는 { $far }입니다.
vanishing-gradients-why = 층마다 그래디언트에 그 층의 미분이 곱해집니다. 1보다 한참 작은 수를 거듭 곱하면 처음 층에는 남는 것이 없습니다.
vanishing-gradients-fix = 시그모이드나 tanh 대신 ReLU를 쓰고, 스킵 연결과 정규화, 활성화에 맞는 초기화를 쓰세요.

initial-loss-found = 첫 손실이 { $loss }입니다. 찍기만 해도 { $expected }일 텐데, 모델이 처음부터 확신하면서 틀립니다.
initial-loss-why = 아무것도 배우기 전의 분류기는 모든 클래스에 같은 확률을 주어야 합니다. 손실은 ln K이고, 클래스가 둘이면 0.693입니다.
initial-loss-fix = 마지막 층을 더 작은 가중치로 시작하고, 정답과 인자의 순서를 확인하세요.

half-precision-range-found = { $what ->
        [large] float16 값이 { $number }까지 커집니다. 가장 큰 수 65504에 가깝고, 그 위는 무한대입니다.
        [eps] 옵티마이저의 eps { JOSA($number, "은/는") } float16에서 0이고, 작은 그래디언트의 제곱도 0입니다. 업데이트가 0으로 나눕니다.
       *[small] 그래디언트 원소의 { $number } %가 너무 작아 float16에 몇 비트밖에 남지 않습니다. 더 작은 것은 0이 됩니다.
    }
half-precision-range-why = float16은 6e-8부터 65504까지만 나타내고, 6e-5보다 커야 세 자리까지 정확합니다. 그래디언트는 더 작을 때가 많습니다.
half-precision-range-fix = 파라미터는 float32로 두고 torch.autocast와 GradScaler를 쓰거나, bfloat16을 쓰세요.

exploding-gradients-found = 그래디언트가 되돌아가는 동안 커집니다. { $first }의 그래디언트가 { $last }의 { $ratio }배입니다.
exploding-gradients-why = 층마다 그래디언트에 가중치가 곱해집니다. 1보다 큰 수를 거듭 곱하면 어떤 학습률로도 맞출 수 없는 수가 됩니다.
exploding-gradients-fix = 더 작은 가중치로 시작하고(kaiming, xavier), 정규화나 스킵 연결을 넣거나, 그래디언트를 클리핑하세요.
