# 모델에 대한 규칙: 층, 활성 함수, 처음 값.

missing-nonlinearity-found = { $what ->
        [linear] 두 층({ JOSA($line, "과/와") } 여기)이 사이에 아무것도 없이 이어집니다. 합치면 선형 층 하나와 같습니다.
       *[other] ReLU({ $line })의 결과에 ReLU를 또 적용합니다. 두 번째는 하는 일이 없습니다.
    }
missing-nonlinearity-why = 선형 사상을 거듭해도 선형 사상입니다. 사이에 함수가 없으면 층을 늘려도 표현할 수 있는 것이 늘지 않습니다.
missing-nonlinearity-fix = 층 사이에 ReLU, GELU, tanh 가운데 하나를 한 번만 두세요.

mixed-up-layout-found-last = 합성곱이 모양이 { $shape }인 데이터를 N×C×H×W로 받습니다. 이미지의 행이 채널 자리에, 채널이 마지막 자리에 있습니다.
mixed-up-layout-fix-last = 합성곱에 x.permute(0, 3, 1, 2)를 넘기세요.
mixed-up-layout-found-time = 순환층이 첫 차원 { JOSA($rows, "을/를") } 시간으로 받습니다. 예제에서 예제로 넘어가며 읽고, 예제마다 있는 { $steps }개의 시점은 나란히 놓입니다.
mixed-up-layout-fix-time = 층을 batch_first=True로 만들거나 x.transpose(0, 1)을 넘기세요.
mixed-up-layout-found = 모양이 { $one }인 이미지를 숫자를 옮기지 않은 채 { JOSA($other, "으로/로") } 봅니다. 채널과 행, 열이 뒤섞입니다.
mixed-up-layout-why = view()와 reshape()은 메모리 순서를 그대로 둡니다. 차원의 순서를 바꾸려면 숫자를 다른 순서로 읽어야 합니다.
mixed-up-layout-fix = view 대신 x.permute(0, 3, 1, 2)를 쓰세요.

activation-scale-found = 활성값의 표준편차가 첫 층에서 { $first }, 마지막 층에서 { $last }입니다. 층을 지날 때마다 크기가 달라집니다.
activation-scale-why = 층마다 값을 늘리거나 줄이면, 되돌아오는 그래디언트도 똑같이 늘거나 줄어듭니다.
activation-scale-fix = 활성 함수에 맞는 초기화(ReLU에는 kaiming, tanh에는 xavier)나 정규화 층을 쓰세요.

initial-scale-found = { $name }의 처음 표준편차가 { $std }입니다. 입력 수를 생각하면 ReLU에서 크기를 지키는 값은 { $usual }입니다.
initial-scale-found-scheme = { JOSA($expression, "은/는") } ReLU가 아닌 활성 함수를 위한 방법입니다. ReLU는 층마다 신호의 절반을 없애므로 모든 층을 지나면 거의 남지 않습니다.
initial-scale-why = 유닛은 입력 수만큼 곱을 더합니다. 가중치의 크기가 맞지 않으면 층을 지날수록 합이 커지거나 사라집니다.
initial-scale-fix = PyTorch의 초기화를 그대로 두거나, nn.init.kaiming_normal_(ReLU), nn.init.xavier_normal_(tanh)을 쓰세요.

layer-settings-found = { $what ->
        [dropout] 드롭아웃이 값의 { $number }, 곧 절반이 넘게 지웁니다.
        [order] 드롭아웃 바로 뒤에 배치 정규화가 옵니다. 값을 지우는 동안 배운 수치가 지우지 않을 때는 맞지 않습니다.
       *[bias] 배치 정규화 앞의 층에 편향이 있습니다. 배치 정규화가 평균을 빼면서 편향도 함께 뺍니다.
    }
layer-settings-why = 드롭아웃은 뒤에 오는 값의 분산을 학습할 때만 바꿉니다. 평균을 빼기 전의 편향은 하는 일이 없습니다.
layer-settings-fix = 드롭아웃은 0.1에서 0.5 사이로, 정규화 뒤에 두세요. 배치 정규화 앞에는 bias=False를 쓰세요.

weights-diverge-found = { JOSA($names, "이/가") } { $times }배로 커졌고 계속 커지는데 손실은 { $endless ->
        [yes] 0 아래로 끝없이 내려갑니다.
       *[no] 줄지 않습니다.
    }
weights-diverge-why = 커지기만 하는 가중치는 최솟값으로 가지 않습니다. 걸음이 너무 크거나 손실에 최솟값이 없습니다.
weights-diverge-fix = 학습률을 낮추고, 손실의 부호를 확인하고, weight decay를 쓰세요.

linear-model-stuck-found = 그래디언트가 거의 0이고 손실은 { $loss }입니다. 찍어도 { $guess }입니다. 선형 모델로는 여기까지가 가장 좋은 결과입니다.
linear-model-stuck-why = 층 하나는 곧은 경계를 하나 긋습니다. XOR에는 그런 경계가 없어서, 선을 긋지 않는 것이 가장 낫습니다.
linear-model-stuck-fix = ReLU나 tanh가 있는 은닉층을 더하거나, 곱을 담은 특징을 더하세요.

small-batch-norm-found = { $what ->
        [small] 배치 정규화({ $name })가 값 { $values }개만으로 평균을 냅니다. 평균과 분산이 거의 우연으로 정해집니다.
       *[again] 배치 정규화({ $name })를 순전파 한 번에 두 번 씁니다. 저장하는 평균과 분산 한 쌍이 두 자리를 맡습니다.
    }
small-batch-norm-why = 배치 정규화는 배치에서 평균과 분산을 어림하고, 평가에 쓸 값을 한 쌍만 저장합니다.
small-batch-norm-fix = 더 큰 배치, GroupNorm, LayerNorm을 쓰고, 자리마다 정규화 층을 따로 두세요.
