# 설명에 덧붙여 명령어만 출력하는 것.

phase-forward = forward: 모델이 손실을 계산하고, PyTorch는 계산 과정을 그래프로 적어 둡니다
phase-outside = 학습 밖: 역전파를 위해 기록되는 것이 없습니다
phase-backward = backward(): 연쇄 법칙으로 손실에서 모든 파라미터까지 거슬러 갑니다
phase-zero_grad = zero_grad(): 앞 스텝의 그래디언트를 지웁니다
phase-optimizer = step(): 옵티마이저가 .grad를 읽어 파라미터를 바꿉니다

checked = ✓ PyTorch 없이 다시 계산해 비교했습니다. 가장 큰 차이는 { $difference }
wrong = ✗ 틀림: PyTorch 없이 다시 계산한 값과 { $difference }만큼 다릅니다 (허용 { $tolerance })
not-checked = 확인하지 못함: { $reason }

given = 스텝이 시작될 때 주어진 값
counts = 역전파와 업데이트: { $verified }개는 다시 계산해 일치, { $unchecked }개는 확인하지 못함, { $wrong }개는 틀림.
step-loss = { $name } = { $value }
role-before = 이전:
role-read = 읽은 값:
role-contribution = 더하는 값:
role-after = 이후:
shape-of = { $shape }

counts-forward = 순전파: { $verified }개는 다시 계산해 일치, { $unchecked }개는 확인하지 못함, { $wrong }개는 틀림.
step-title = { $file }의 스텝 { $step }: { $loss }
at-element = { $index } 원소:

jacobian-title = { $result } = { $operation }의 야코비 행렬: { $result }의 각 수가 들어온 수 하나하나에 따라 얼마나 변하는지
jacobian-row = { $name }: 행 { $number }. { JOSA($element, "이/가") } { $input }의 각 원소에 따라 얼마나 변하는지, { $input }의 모양({ $shape })으로 놓았습니다
jacobian-column = { $name }: 열 { $number }. { $result }의 각 원소가 { $element }에 따라 얼마나 변하는지, { $result }의 모양({ $shape })으로 놓았습니다
jacobian-entry = { $name } = { $value }
jacobian-outside-box = { $box } 밖은 모두 0입니다 (전체 { $count }개 가운데 0이 아닌 수는 { $nonzero }개)
jacobian-wide = 수를 한 줄에 다 쓸 수 없어 0이 아닌 수를 ■로 나타냅니다. 수는 --row와 --col로 볼 수 있습니다.
jacobian-legend = ·는 수가 무엇이든 항상 0인 자리입니다.
jacobian-legend-here = ·는 수가 무엇이든 항상 0인 자리이고, 0은 이 수에서만 0인 자리입니다.
jacobian-numbers = 기록된 수로 확인하면:
jacobian-steps = 한 걸음씩

why-after-step = 스텝 { $step } 뒤의 { $name } = { $value }
why-in-step = 스텝 { $step }의 { $name } = { $value }
why-gradient-in-step = 스텝 { $step }의 ∂{ $loss }/∂{ $name } = { $value }
why-grad-in-step = 스텝 { $step }의 { $name }.grad = { $value }
why-light = 스텝 { JOSA($step, "은/는") } 간단히 기록했습니다(손실과 노름 등). 역전파 과정은 파일에 없습니다. 전부 기록한 가까운 스텝: { $near }.
why-light-known = 모든 스텝에 남는 값으로 알 수 있는 것:
why-learning-rate = 학습률
why-update-plain = 이전 값 − lr · 그래디언트 = 이후 값: { JOSA($optimizer, "은/는") } 손실이 커지는 방향인 그래디언트의 반대쪽으로 옮깁니다.
why-update-other = { JOSA($optimizer, "이/가") } 그래디언트와, 앞선 스텝에서 쌓아 둔 값으로 업데이트했습니다.
why-update-options = { JOSA($optimizer, "이/가") } 그래디언트와 옵션에 따라 업데이트했습니다.
why-update-by-hand = 프로그램이 직접 업데이트했습니다.
why-was-empty = .grad는 비어 있었고, 이 값은 backward()가 넣은 것입니다.
why-passes = 역전파가 { $count }번 .grad에 더했습니다: { $amounts }.
why-used-by = { JOSA($node, "을/를") } 거쳐서
why-made-by = { $op }, 이벤트 { $event }, { $place }
why-derivative = ∂{ $name }/∂(값)
why-sent-by = { $node }, 이벤트 { $event }: { JOSA($amount, "을/를") } 보냈습니다
why-namesakes = 이름이 같은 값이 더 있습니다. 그 값을 만든 이벤트 번호로 물어볼 수 있습니다: { $events }.
