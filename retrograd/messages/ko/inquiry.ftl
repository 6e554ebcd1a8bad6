# 페이지에 묻기: 숫자의 유래, 그 숫자가 담긴 텐서, 야코비 행렬, 장부의 경고.

page-ask = 이 숫자가 어디서 왔는지 묻기
page-where-from = { JOSA($number, "은/는") } 어디서 왔을까요?
page-back-to-event = 숫자에서 이벤트로 돌아가기
page-origin = 유래
page-tensor = 텐서
page-way-back = 여기까지 온 길
page-derivative = 미분
page-upstream = 들어온 그래디언트
page-local = 국소 미분
page-downstream = 내보낼 그래디언트
page-read = 업데이트가 읽은 값
page-by-hand = 프로그램이 직접

page-jacobian = 야코비 행렬
page-pick-output = { $name }: 원소를 고르세요
page-row-of = { $input }의 원소마다 { JOSA($name, "이/가") } 얼마나 변하는지
page-fold = 모든 미분값의 배열에서 그래디언트까지
page-fold-step = { $number } / { $count }
page-previous = 이전
page-next = 다음

page-index = 인덱스 → 저장 공간의 자리
page-storage = 저장 공간
page-sign = 부호
page-exponent = 지수
page-fraction = 가수
page-version = 제자리 쓰기
page-shared = 같은 저장 공간

page-terms = 업데이트의 항
page-grows = 지난 step() 뒤로 zero_grad()가 실행되지 않았습니다. 업데이트가 읽는 { $names }의 .grad 가운데 { $share }는 이전부터 남아 있던 값입니다.
page-more-parameters = 그 밖의 파라미터 { $count }개
