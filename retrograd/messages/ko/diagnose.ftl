# 진단 전체에 대한 말. 규칙마다의 글은 rules-*.ftl에 있습니다.

diagnose-summary = { $name }: 오류 { $errors }개, 경고 { $warnings }개, 참고 { $hints }개
diagnose-clean-run = { $name }: 찾은 문제가 없습니다. 규칙 { $count }개를 확인했습니다
diagnose-error = 오류
diagnose-warning = 경고
diagnose-hint = 참고
diagnose-exact = 정확한 규칙
diagnose-heuristic = 어림 규칙
diagnose-is-exact = { $severity }. 정확한 규칙: 기록에 남은 이벤트로 판단합니다
diagnose-is-heuristic = { $severity }. 어림 규칙: 기준값을 여러 번 넘으면 알립니다
diagnose-sure-exact = 확실합니다. 기록에 있는 이벤트입니다.
diagnose-sure-heuristic = 그럴 가능성이 높습니다. 기준값을 넘었습니다.
diagnose-in-step = 스텝 { $step }에서 보입니다.
diagnose-in-steps = 스텝 { $first }부터 { $last }까지 { $count }개 스텝에서 보입니다.
diagnose-follows = ↳ 여기에서 따라 나오는 결과: { $code } { $text }
diagnose-fix = 고치기
diagnose-clean = 확인했고 문제없음: { $codes }
diagnose-not-checked = 확인하지 못함: { $codes } ({ $reason })
diagnose-more = 규칙 전체 설명: retrograd diagnose --explain { $code }
diagnose-failing = 문제가 있는 프로그램
diagnose-correct = 바르게 고친 프로그램
diagnose-limits = 기준값. pyproject.toml에서 바꿀 수 있습니다
diagnose-sources = 출처: { $list }
diagnose-rules = retrograd diagnose의 규칙
diagnose-cut-short = 기록이 스텝 { $steps }개 뒤에서 끊겼습니다. 남아 있는 것만 판단했습니다.
diagnose-light = 스텝 { $steps }개 가운데 { $full }개를 전부 기록했습니다. 나머지는 손실과 노름만 압니다.
diagnose-nothing-full = 전부 기록한 스텝이 없어서 대부분의 규칙은 볼 것이 없습니다.
diagnose-run-ended-early = 실행이 일찍 끝났습니다
diagnose-needs-full-steps = 전부 기록한 스텝이 { $count }개 필요합니다
diagnose-needs-steps = 스텝이 { $count }개 필요합니다
diagnose-needs-values = 규칙이 읽을 값이 너무 커서 통째로 남아 있지 않습니다

# 근거가 되는 숫자의 이름.
evidence-norm-before = 앞에서 남은 노름
evidence-norm-added = 더해진 노름
evidence-classes = 클래스 수
evidence-least-loss = 가능한 가장 작은 손실
evidence-least-probability = 가장 작은 확률
evidence-greatest-probability = 가장 큰 확률
evidence-left-out = 빠진 텐서 수
evidence-passes = 역전파 횟수
evidence-updates = 업데이트 횟수
evidence-rows = 행 수
evidence-pairs = 비교한 쌍의 수
