# 데이터에 대한 규칙.

one-class-batches-found = { $how ->
        [sorted] 배치에서 배치로 정답 번호가 커지기만 합니다. 데이터가 정답 순서로 정렬되어 있어 모델이 클래스를 몇 개씩 차례로 배웁니다.
       *[one] 배치 { $batches }개 가운데 { $count }개에 클래스가 하나뿐입니다. 데이터가 정답 순서로 정렬되어 있어 모델이 클래스를 차례로 배웁니다.
    }
one-class-batches-why = 스텝마다 모델은 그 배치의 클래스 쪽으로 끌려갑니다. 클래스가 하나뿐인 배치는 모델을 이리저리 끌고 다니고, 마지막에 본 클래스가 이깁니다.
one-class-batches-fix = 학습 데이터를 섞으세요: DataLoader(…, shuffle=True) 또는 torch.randperm.

inputs-not-scaled-found = { $what ->
        [large] 입력이 { $least }부터 { $most }까지 퍼져 있습니다. 첫 층에 0과 1에서 먼 수가 들어갑니다.
        [target] 정답은 크기가 { $most }까지 되는데 예측은 { $least }까지밖에 이르지 못합니다. 모델이 갈 길이 멀고 손실이 줄지 않습니다.
       *[uneven] 특징들의 표준편차가 { $least }부터 { $most }까지 다릅니다. 학습률 하나로는 모두에 맞출 수 없습니다.
    }
inputs-not-scaled-why = 가중치의 그래디언트에는 입력이 곱해집니다. 입력이 크면 어떤 가중치는 크게, 어떤 가중치는 아주 조금 움직입니다.
inputs-not-scaled-fix = 학습 데이터의 값으로 입력의 크기를 맞추세요: (x - x.mean(0)) / x.std(0). 이미지는 255로 나누세요.
inputs-not-scaled-fix-target = (y - y.mean()) / y.std()로 학습하고, 쓸 때는 예측을 원래 크기로 되돌리세요.

constant-data-found = { $what ->
        [example] 모든 배치의 모든 예제가 똑같습니다. 구별할 것이 없습니다.
        [target] 정답이 모든 예제에서 { $columns }입니다. 배울 것이 없습니다.
        [part] 스텝마다 { $columns }의 { $all }행 가운데 같은 { $count }행으로만 학습하고, 나머지는 전혀 쓰이지 않습니다.
       *[feature] 입력의 이 열들은 모든 예제에서 같습니다: { $columns }.
    }
constant-data-why = 달라지지 않는 값에는 정보가 없습니다. 그런 특징의 가중치는 편향을 하나 더 둔 것과 같습니다.
constant-data-fix = 데이터를 제대로 읽었는지 확인하고, 달라지지 않는 열은 빼세요.

class-imbalance-found = 클래스 { JOSA($most, "이/가") } 클래스 { $least }보다 { $ratio }배 많은데 손실은 모든 예제를 똑같이 셉니다.
class-imbalance-why = 많은 클래스만 답해도 손실이 작고 정확도가 높습니다. 드문 클래스는 거의 반영되지 않습니다.
class-imbalance-fix = weight=(cross_entropy)나 pos_weight=(BCEWithLogitsLoss)를 넘기거나 WeightedRandomSampler를 쓰고, 클래스마다 정확도를 보세요.

input-ignored-found = 예제마다 다른 값이 예측에 전혀 들어가지 않습니다. 예측이 파라미터만으로 만들어져 모든 정답에 대해 똑같습니다.
input-ignored-why = 입력을 보지 못하는 모델은 가장 흔한 값이나 평균밖에 배우지 못합니다.
input-ignored-fix = forward()에서 입력을 따라가 보세요. 덮어썼거나, 다른 변수를 대신 넘겼을 것입니다.
