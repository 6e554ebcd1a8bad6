# 숫자에 대한 규칙: NaN, 무한대, 처음 값, 활성값.

nonfinite-value-found = 첫 { $what ->
        [nan] NaN이
       *[other] 무한대가
    } 스텝 { $step }의 { $where ->
        [backward] 역전파
       *[other] 순전파
    }에서 { $expression }에 나타났습니다. 시작은 { $begins }입니다.
nonfinite-value-found-light = 스텝 { $step }부터 손실이 NaN이거나 무한대입니다. 그 스텝은 간단히 기록했습니다. 어디서 시작하는지 보려면 --steps { $step }로 다시 실행하세요.
nonfinite-value-why = NaN은 번집니다. NaN으로 계산한 것은 모두 NaN이고, 다음 step() 뒤에는 가중치도 NaN이 됩니다.
nonfinite-value-fix = 손실이 아니라 처음 나타난 줄을 보세요. 숫자가 커지고 있었다면 학습률을 낮추고, 로그와 제곱근, 나눗셈을 막아 주세요.

logarithm-of-zero-found = { JOSA($expression, "이/가") } { $least }의 로그를 계산합니다(0이 { $zeros }개). 결과가 −∞나 NaN이고, 0 · (−∞)는 NaN입니다.
logarithm-of-zero-why = 시그모이드와 softmax는 반올림되어 정확히 0이나 1이 됩니다. 0의 로그는 −∞입니다.
logarithm-of-zero-fix = 점수에 binary_cross_entropy_with_logits나 cross_entropy를 쓰세요. 아니면 로그 앞에 clamp(min=1e-7)을 두세요.

infinite-derivative-found = 그 자리에서 { $expression }의 미분이 무한대나 NaN입니다. { JOSA($node, "이/가") } 유한한 그래디언트를 받아 유한하지 않은 값을 보냈습니다.
infinite-derivative-why = sqrt와 노름, 분수 거듭제곱은 0에서 미분이 무한대입니다. 나중에 torch.where나 마스크로 가려도 0 곱하기 무한대는 NaN입니다.
infinite-derivative-fix = 연산 앞에서 입력을 경계에서 떨어뜨리세요: sqrt(x + 1e-8), 또는 입력 쪽에 where().

nan-in-data-found = 계산하기 전부터 { $name }에 NaN이나 무한대가 있습니다(행 { $rows }).
nan-in-data-why = 데이터에 NaN이 하나만 있어도 손실과 그래디언트, 가중치가 NaN이 됩니다.
nan-in-data-fix = 그 행을 빼거나 채우세요. torch.isfinite(x).all()로 확인할 수 있습니다.

symmetric-units-found = { $names }의 유닛이 모두 같은 가중치로 시작해서 같은 그래디언트를 받고, 끝까지 똑같습니다. 층 전체가 유닛 하나와 다르지 않습니다.
symmetric-units-why = 똑같이 시작한 유닛은 같은 것을 계산하고 같은 그래디언트를 받습니다. 서로 달라질 일이 없습니다.
symmetric-units-fix = 무작위 값으로 시작하세요(nn.Linear는 그렇게 합니다. 아니면 nn.init.kaiming_uniform_). 0으로 시작해도 되는 것은 편향과 마지막 층뿐입니다.
