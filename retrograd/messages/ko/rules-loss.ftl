# 손실, 모양, 자료형에 대한 규칙.

softmax-before-cross-entropy-found = cross_entropy에 확률이 들어갑니다. softmax({ $line })를 거친 값인데 cross_entropy가 softmax를 또 합니다. 클래스가 { $classes }개이면 손실은 { $floor } 아래로 내려갈 수 없습니다.
softmax-before-cross-entropy-why = cross_entropy는 날것의 점수를 받아 스스로 log-softmax를 합니다. softmax를 두 번 하면 점수가 0과 1 사이로 눌려 그래디언트가 작아지고 손실이 0보다 훨씬 위에서 멈춥니다.
softmax-before-cross-entropy-fix = 점수를 그대로 넘기고, softmax는 확률을 보여 줄 때만 쓰세요.

sigmoid-before-logits-loss-found = BCEWithLogits에 확률이 들어갑니다. { $op }({ $line })를 거친 값인데 손실이 시그모이드를 또 하므로 0.5와 0.731 사이만 예측할 수 있습니다.
sigmoid-before-logits-loss-why = binary_cross_entropy_with_logits는 날것의 점수를 받아 스스로 시그모이드를 합니다.
sigmoid-before-logits-loss-fix = 손실 앞의 sigmoid()를 빼거나 BCELoss를 쓰세요.

broadcast-loss-found = 모양 { JOSA($one, "과/와") } { JOSA($other, "이/가") } { JOSA($square, "으로/로") } 퍼졌습니다. 손실이 예측 { $count }개와 정답 { $count }개를 모두 짝지어({ $pairs }쌍) 비교하므로 모두 평균을 내는 것이 가장 좋은 답이 됩니다.
broadcast-loss-why = 열 (N, 1)과 행 (N,)은 정사각형 (N, N)으로 브로드캐스트됩니다. 예측마다 모든 정답 쪽으로 끌려가므로 모델은 말없이 평균을 배웁니다.
broadcast-loss-fix = 모양을 같게 하세요: prediction.squeeze(1) 또는 target.unsqueeze(1) (target.view(-1, 1)).
