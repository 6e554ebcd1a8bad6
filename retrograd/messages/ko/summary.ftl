# 기록에 담긴 것: `retrograd summary`.

summary-steps = 스텝
summary-overhead = 오버헤드
summary-counted = { $steps } (간단히 { $light }, 전부 { $full })

summary-complete = 온전한 기록
summary-live = 아직 기록하는 중. 지금까지 담긴 것입니다
summary-cut-short = 도중에 끊긴 기록. 디스크에 쓰인 스텝은 모두 담겨 있습니다
summary-program = 프로그램
summary-environment = 환경
summary-full-steps = 전부 기록
summary-one-step = 한 스텝
summary-optimizers = 옵티마이저
summary-parameters = 파라미터 { $count }개
summary-more-parameters = … 그 밖에 { $count }개 (--json은 모두 보여 줍니다)
summary-cost = { $seconds }초의 { $share }
summary-events = 이벤트 { $phases }
summary-incident = 스텝 { $step }{ $place }: { $said }
summary-at = { ", " }{ $place }
summary-not-recorded = 기록 안 됨  { $what } (스텝 { $step }부터)

gap-failure = retrograd에 오류가 나서 기록을 멈췄습니다
gap-other-thread = 다른 스레드의 학습은 기록하지 않습니다. 한 스레드만 기록합니다
gap-other-dispatch-mode = 프로그램이 자신의 dispatch mode를 켜 두어서 연산을 볼 수 없었습니다
gap-light-without-norms = 간단히 기록한 스텝의 노름과 작은 값들
gap-many-untraced-ops = 한 스텝에 담을 수 있는 것보다 많은, 학습 밖의 연산들
gap-no-update-seen = 한 스텝에 담을 수 있는 것보다 많은, 업데이트 없는 역전파들
gap-forward-was-light = 첫 NaN이나 Inf 앞의 순전파는 간단히만 기록되었습니다
gap-loss-unreadable = 손실이 직접 읽을 수 있는 값이 없는 텐서입니다
gap-compiled-autograd = torch.compile이 실행하는 역전파는 안을 볼 수 없습니다
gap-torch-func = torch.func 안에서 계산된 그래디언트는 들여다볼 수 없습니다

# `retrograd run`을 마치는 줄들.
closing-recorded = retrograd가 학습을 기록했습니다
closing-file = 파일
closing-loss = 손실
closing-ended = 끝
closing-ended-by = 스텝 { $step }에서 { $type } 예외로 끝남
closing-left-out = 빠진 것
closing-found = 진단
closing-nothing-found = 찾은 문제 없음 (규칙 { $count }개 확인)
closing-more-found = … 그 밖에 { $count }개
closing-next = 다음
closing-cost = { $share } (모두 { $seconds }초)
closing-cost-floor = { $share } (모두 { $seconds }초. 처음 { $floor }초는 예산과 상관없이 씁니다)
