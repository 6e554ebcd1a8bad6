# 페이지: 이름표, 상태, 단축키. 스텝의 설명은 explain.ftl에 있다.

page-step = 스텝
page-event = 이벤트
page-loss = 손실
page-gradient-norm = 그래디언트 크기
page-language = 언어
page-theme = 밝게 또는 어둡게
page-export = 내보내기
page-log-scale = 로그 축
page-linear-scale = 선형 축
page-all-full = 모든 스텝을 전부 기록
page-some-full = { $steps }스텝 가운데 { $full }스텝을 전부 기록
page-zoomed = 스텝 { $first }–{ $last }
page-whole = 모든 스텝 보기
page-timeline = 모든 스텝의 손실과 그래디언트 크기
page-film = 이 스텝의 이벤트

page-phase-forward = 순전파
page-phase-loss = 손실
page-phase-zero_grad = zero_grad()
page-phase-backward = backward()
page-phase-optimizer = step()
page-phase-outside = 학습 밖

page-source = 소스
page-graph = 그래프
page-graph-directions = 값은 왼쪽→오른쪽, 그래디언트는 오른쪽→왼쪽
page-explain = 설명
page-ledger = 장부
page-value = 값
page-before = 이전
page-contribution = 더해질 몫
page-after = 이후
page-update = 변화
page-new-value = 새 값
page-no-parameters = 이 스텝에 관여하는 파라미터가 없습니다.

page-at-event = 이벤트 { $event }에서
page-to-come = 예정
page-node-of = 노드 { $number }/{ $count }
page-event-of = 이벤트 { $event }/{ $count }
page-running = 실행 중입니다.
page-running-at = 실행 중입니다. 거슬러 올라와 { $line }행 { $first }–{ $last }열에 이르렀습니다.
page-computes = { JOSA($operation, "이/가") } { JOSA($inputs, "으로/로") } { JOSA($result, "을/를") } 계산합니다.
page-makes = { JOSA($operation, "이/가") } { JOSA($result, "을/를") } 만듭니다.
page-back = 그래디언트가 { $operation }의 결과인 { $result }까지 거슬러 왔습니다. 연쇄 법칙에 따라, 입력이 변할 때 { JOSA($result, "이/가") } 얼마나 변하는지를 곱하면 { JOSA($gradients, "을/를") } 얻습니다.
page-back-kept = 이를 위해 PyTorch는 순전파에서 { JOSA($kept, "을/를") } 보관해 두었습니다.
page-no-gradient = 그래디언트가 필요 없음
page-not-kept = 기록 안 됨
page-no-source = 이 이벤트의 소스는 기록되지 않았습니다.

page-now = 지금
page-gradient = 그래디언트
page-data = 데이터
page-parameter = 파라미터

page-verified = PyTorch와 일치 · 최대 차이 { $difference }
page-wrong = PyTorch와 { $difference }만큼 다름
page-not-checked = 확인하지 못함
page-own-number = PyTorch가 계산한 값
page-figures = 최소 { $min } · 최대 { $max } · 평균 { $mean } · 노름 { $norm }
page-norm = 노름
page-element = { $index } 원소

page-previous-event = 이전 이벤트
page-next-event = 다음 이벤트
page-previous-step = 이전 스텝
page-next-step = 다음 스텝
page-play = 재생
page-pause = 멈춤
page-speed = 재생 속도
page-slower = 느리게
page-faster = 빠르게
page-into-module = 모듈 안으로
page-out-of-module = 모듈 밖으로
page-modules = 모듈 밖으로, 안으로
page-next-change = 다음 눈에 띄는 변화
page-all-keys = 모든 단축키
page-close = 닫기

page-loading = 기록을 읽는 중입니다 …
page-live = 학습 중
page-follow = 가장 새로운 스텝을 따라가기
page-waiting = 실행이 시작되었습니다. 첫 스텝의 기록이 끝나면 바로 여기에 나타납니다.
page-run-ended = 스텝 { $steps }개를 마치고 실행이 끝났습니다.
page-vanished = { $name } 파일이 더 이상 없습니다. 옮겨졌거나 지워졌습니다. 화면에 있는 내용은 그대로 볼 수 있습니다.
page-exception = 스텝 { $step }에서 오류로 실행이 끝났습니다.
page-ended-here = 여기에서 위에 적힌 오류로 실행이 끝났습니다.
page-nonfinite = 유한하지 않은 수가 스텝 { $step }에서 처음 나왔습니다.
page-exporting = 내보내는 중 …
page-export-what = 이 기록을 오프라인에서도 열리는 한 페이지로 저장합니다
page-cut-short = 중간에 끊김
page-no-full-step = 전부 기록한 스텝이 없습니다. 곡선에는 모든 스텝이 있습니다. 스텝을 열어 보려면 --budget all로 다시 실행하세요.
page-light-title = 스텝 { $step }
page-light-step = 이 스텝은 간단히 기록되어 이벤트 없이 다음 수만 남아 있습니다. 모두 보려면 --steps { JOSA($step, "을/를") } 붙여 다시 실행하세요.
page-series-loss = 손실
page-series-seconds = 걸린 시간(초)
page-series-learning_rate = 학습률
page-series-weight_norm = 모든 파라미터의 노름
page-series-grad_norm = 모든 그래디언트의 노름
page-no-such-step = 스텝 { JOSA($step, "은/는") } 없습니다. 이 기록의 스텝은 { $steps }개입니다.
page-nearest = 스텝 { JOSA($step, "으로/로") } 가기
page-server-gone = 이 페이지의 서버가 종료되었습니다. 다시 시작하세요: retrograd view { $name }
page-not-exported = 이 파일에는 없습니다. 페이지를 내보낼 때 빠진 부분입니다.
page-old-browser = 이 브라우저에는 { $missing } 기능이 없습니다. 최신 Firefox, Chrome, Edge, Safari를 쓰세요.
page-failed = { $reason }

page-graph-keys = 화살표 키로 움직이고, 더하기와 빼기로 확대·축소하고, 0으로 전체를 봅니다.
page-saved = 저장된 값
page-keeps = 저장: { $names }
page-freed = 해제됨: { $names }
page-ops = 연산 { $count }개
page-fold-all = 모든 모듈 접기
page-unfold-all = 모든 모듈 펼치기
page-zoom-in = 확대
page-zoom-out = 축소
page-fit = 그래프를 창에 맞추기

# 진단이 찾은 것.
page-findings = 찾은 문제 { $count }개:
page-finding-step = { $more ->
        [0] 스텝 { $step }
       *[other] 스텝 { $step } 외 { $more }개
    }
page-finding-fix = 고치기:
