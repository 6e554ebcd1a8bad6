# 데이터에 대한 규칙.

one-class-batches-found = 배치 { $batches }개 가운데 { $count }개에 클래스가 하나뿐입니다. 데이터가 정답 순서로 정렬되어 있어 모델이 클래스를 차례로 배웁니다.
one-class-batches-why = 스텝마다 모델은 그 배치의 클래스 쪽으로 끌려갑니다. 클래스가 하나뿐인 배치는 모델을 이리저리 끌고 다니고, 마지막에 본 클래스가 이깁니다.
one-class-batches-fix = 학습 데이터를 섞으세요: DataLoader(…, shuffle=True) 또는 torch.randperm.
