# 페이지 둘러보기. 독자 자신의 실행을 가지고 설명한다.

tour-offer = 처음이신가요? 지금 이 실행으로 1분 동안 둘러볼 수 있습니다.
tour-start = 둘러보기
tour-decline = 괜찮습니다
tour-next = 다음
tour-back = 이전
tour-end = 그만 보기
tour-done = 마치기

tour-timeline-title = 실행 전체
tour-timeline = 스텝 { $steps }개의 손실과 그래디언트 크기입니다. 스텝을 누르면 열리고, 끌면 확대됩니다. 곡선 아래의 눈금은 전부 기록한 스텝입니다.
tour-film-title = 한 스텝을 이벤트 하나씩
tour-film = 이 스텝에서 일어난 일 { $count }개가 순서대로 있습니다. ←와 → 키로 재생 위치를 옮기고, 스페이스 바로 재생합니다.
tour-source-title = 내 코드
tour-source = 밝게 표시된 식이 지금 실행 중인 식입니다. 줄 옆의 수는 이 순간의 값입니다. 줄을 누르면 그 줄의 이벤트로 갑니다.
tour-graph-title = 만들어지고 거슬러 가는 그래프
tour-graph = 순전파는 상자의 위쪽을 왼쪽에서 오른쪽으로 채웠습니다. backward()는 같은 상자를 오른쪽에서 왼쪽으로 되돌아옵니다. 방금 { JOSA($node, "이/가") } 그래디언트를 보냈습니다.
tour-explain-title = 수가 나온 까닭
tour-explain = { JOSA($node, "이/가") } 하는 일입니다. 먼저 식, 다음에 내 수를 넣은 식, 그리고 결과가 나옵니다. ✓는 PyTorch 없이 다시 계산한 결과와 일치한다는 뜻입니다.
tour-ledger-title = 가중치가 어떻게 되었나
tour-ledger = { JOSA($parameter, "을/를") } 비롯한 파라미터마다 값, 이전 .grad, 더해진 양, 이후 .grad, step()이 바꾼 양, 새 값이 있습니다.
tour-numbers-title = 어디든 가 보세요
tour-numbers = 수에 마우스를 올리면 모든 자릿수가 보이고, 누르면 모든 곳에서 표시됩니다. ⇧와 ← 또는 →는 스텝 사이를 오가고, ?는 모든 단축키를 보여 줍니다.
