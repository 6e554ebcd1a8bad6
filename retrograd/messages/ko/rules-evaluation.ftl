# 평가와 학습 과정에 대한 규칙.

evaluation-in-training-mode-found = 평가가 학습 모드로 실행되었습니다. { $layer ->
        [dropout] 드롭아웃({ $name })이 값을 지우고 있어서
       *[other] 배치 정규화({ $name })가 배치 자신의 평균을 쓰고 거기에서 배우고 있어서
    } 나온 수치가 모델의 것이 아닙니다.
evaluation-in-training-mode-why = no_grad()는 그래디언트만 끕니다. 드롭아웃과 배치 정규화는 model.train()과 model.eval()을 따릅니다.
evaluation-in-training-mode-fix = 평가 전에 model.eval()을, 평가 뒤에 model.train()을 부르세요.

training-mode-lost-found = 스텝 { $step }부터 { JOSA($names, "이/가") } 평가 모드로 학습했습니다. eval()을 부른 뒤 train()을 다시 부르지 않았습니다.
training-mode-lost-found-never = { JOSA($names, "이/가") } 모든 스텝에서 평가 모드로 학습했습니다. 정규화가 어떤 데이터로도 정해지지 않은 평균 0과 분산 1을 씁니다.
training-mode-lost-why = 평가 모드에서는 드롭아웃이 꺼지고, 배치 정규화는 저장된 값을 쓰며 새로 배우지 않습니다.
training-mode-lost-fix = 평가가 끝날 때마다, 또는 에폭을 시작할 때 model.train()을 부르세요.

loss-stands-still-found = 손실이 줄지 않습니다. 스텝 { $steps }개 동안 처음 { $first }, 마지막 { $last }입니다.
loss-stands-still-why = 그래디언트는 흐르는데 나아지지 않습니다. 입력에 정답에 대한 정보가 없거나, 모델이 표현하지 못하거나, 학습률이 맞지 않습니다.
loss-stands-still-fix = 다른 규칙이 찾은 것부터 고치세요. 그다음 예제 열 개만으로 학습해 보세요. 그것도 안 되면 데이터와 정답을 살펴보세요.

floor-division-found = { $part } // { $whole }의 결과가 0입니다. //는 정수만 남기므로 모두 맞히기 전까지 수치가 0입니다.
floor-division-found-rate = 거의 모든 스텝에서 학습률이 0입니다. { $division }에는 정수만 남습니다.
floor-division-found-data = { $expression }의 나눗셈은 정수끼리라서 모두 0이 됩니다. 데이터가 남지 않습니다.
floor-division-why = //는 정수로 내림합니다. 비율은 0과 1 사이에 있으므로 남는 것이 없습니다.
floor-division-fix = /를 쓰세요.

evaluation-with-graph-found = 평가가 역전파에 쓰이지 않는 그래프를 { $count }번 만듭니다. 메모리와 시간이 듭니다.
evaluation-with-graph-why = 그래디언트가 켜져 있으면 연산마다 미분에 필요한 값을 결과가 버려질 때까지 간직합니다.
evaluation-with-graph-fix = with torch.no_grad():(또는 torch.inference_mode()) 안에서 평가하세요.

overfitting-found = { $how ->
        [apart] 스텝 { $step } 뒤로 다른 데이터의 손실은 { $last }에서 더 줄지 않습니다(가장 낮을 때 { $best }). 학습 손실은 { $before }에서 { JOSA($after, "으로/로") } 줄어듭니다.
       *[rises] 스텝 { $step } 뒤로 다른 데이터의 손실이 { $best }에서 { JOSA($last, "으로/로") } 커집니다. 학습 손실은 { $before }에서 { JOSA($after, "으로/로") } 줄어듭니다.
    }
overfitting-why = 그때부터 모델은 다른 데이터에도 맞는 것이 아니라 학습 예제에만 있는 특징을 배웁니다.
overfitting-fix = 가장 좋았던 스텝의 가중치를 쓰세요. 데이터를 늘리거나 weight decay, 드롭아웃, 더 작은 모델을 쓰는 방법도 있습니다.

leaked-validation-found-number = 모든 예제에서 입력의 { $column }번 열이 맞혀야 할 수 그 자체입니다.
leaked-validation-found-label = 입력의 열 { $column } 하나로 모든 예제의 정답을 알 수 있습니다. 클래스마다 값이 하나씩입니다.
leaked-validation-fix-label = 모델을 실제로 쓸 때 알 수 있는 값이 아니라면 그 열을 입력에서 빼세요.
leaked-validation-found = 모델을 평가하는 예제의 { $percent } %가 학습에 쓴 예제입니다.
leaked-validation-why = 모델은 학습 예제를 외울 수 있습니다. 한 번도 보지 않은 예제만이 실력을 보여 줍니다.
leaked-validation-fix = 학습하기 전에 데이터를 한 번 나누고, 한쪽으로만 학습하세요.

constant-output-found = 입력이 무엇이든 모델이 배치의 모든 예제에 같은 값을 예측합니다.
constant-output-why = 예측이 모두 같으면 손실은 정답의 평균에서 멈춥니다. 입력이 전해지지 않는 것입니다. 죽거나 포화한 유닛, 서로 다르지 않은 입력, 0까지 줄어든 가중치를 살펴보세요.
constant-output-fix = 입력 하나를 층마다 따라가며 모든 예제가 같아지는 곳을 찾으세요.

metric-disagrees-found = 손실이 줄어드는데 맞힌 비율도 { $first } %에서 { $last } %로 줄어듭니다.
metric-disagrees-found-still = 손실은 { $from }에서 { JOSA($to, "으로/로") } 줄어드는데 맞힌 비율은 { $last } %에 머뭅니다.
metric-disagrees-why = 줄이는 것과 세는 것의 뜻이 다릅니다. 정답, argmax의 차원, 기준값, 부호 가운데 하나가 서로 다릅니다.
metric-disagrees-fix = 예제 하나의 손실과 정확도를 손으로 계산해 비교하세요.
