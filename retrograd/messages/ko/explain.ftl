# 한 스텝의 설명: 제목과 이유.

phase-forward = forward: 모델이 손실을 계산하고, PyTorch는 계산 과정을 그래프로 적어 둡니다
phase-outside = 학습 밖: 역전파를 위해 기록되는 것이 없습니다
phase-backward = backward(): 연쇄 법칙으로 손실에서 모든 파라미터까지 거슬러 갑니다
phase-zero_grad = zero_grad(): 앞 스텝의 그래디언트를 지웁니다
phase-optimizer = step(): 옵티마이저가 .grad를 읽어 파라미터를 바꿉니다

checked = ✓ PyTorch 없이 다시 계산해 비교했습니다. 가장 큰 차이는 { $difference }
wrong = ✗ 틀림: PyTorch 없이 다시 계산한 값과 { $difference }만큼 다릅니다 (허용 { $tolerance })
not-checked = 확인하지 못함: { $reason }
