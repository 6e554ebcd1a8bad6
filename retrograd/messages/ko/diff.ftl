# 두 기록의 비교.

diff-side = { $name }: 스텝 { $steps }개, 그중 전부 기록한 것 { $full }개
diff-cut-short = { JOSA($name, "은/는") } 중간에 끊긴 기록입니다. 남아 있는 것만 비교했습니다.
diff-compared = 비교한 것: 스텝 { $light }개의 손실과 노름, 스텝 { $full }개의 모든 이벤트.
diff-environment = 환경: { JOSA($key, "이/가") } A에서는 { $first }, B에서는 { $second }

diff-same = 두 기록은 같습니다. 양쪽에 모두 있는 이벤트와 수가 전부 같습니다.
diff-same-within = 두 기록은 --rtol { $rtol } 안에서 같습니다.
diff-part = 스텝 { $step }의 이벤트 { $event }에서 갈라집니다: { $kind }.
diff-part-two = 스텝 { $step }에서, A의 이벤트 { $event } / B의 이벤트 { $other }부터 갈라집니다: { $kind }.
diff-part-step = 스텝 { $step }에서 갈라집니다: { $kind }.
diff-first-number = 처음으로 다른 수
diff-first-beyond = 처음으로 --rtol { $rtol } 넘게 다른 수
diff-first-setting = 처음으로 다른 설정
diff-result = 결과
diff-first-rounding = 조금이라도 다른 첫 수
diff-at = 스텝 { $step }, 이벤트 { $event }: { $kind }
diff-at-two = 스텝 { $step }, A의 이벤트 { $event } / B의 이벤트 { $other }: { $kind }
diff-at-step = 스텝 { $step }: { $kind }

diff-kind-rng = 난수 생성기의 상태가 다름
diff-kind-structure = 이벤트가 다름
diff-kind-shape = 모양이 다름
diff-kind-dtype = dtype이 다름
diff-kind-argument = 인자가 다름
diff-kind-data = 데이터가 다름
diff-kind-parameter = 파라미터의 값이 다름
diff-kind-input = 입력이 다름
diff-cause-input = 양쪽에서 서로 다른 이벤트가 만든 값입니다.
diff-kind-random = 난수가 다름
diff-kind-value = 결과가 다름
diff-kind-gradient = 그래디언트가 다름
diff-kind-update = 업데이트가 다름
diff-kind-hyperparameter = 하이퍼파라미터가 다름
diff-kind-curve = { JOSA($name, "이/가") } 다름
diff-kind-length = 한쪽은 계속되고 다른 쪽은 끝남

diff-nothing-there = 해당하는 것이 없음
diff-numbers = { $name } { $shape }: 가장 큰 차이 { $absolute }, 가장 큰 원소에 대한 상대 차이 { $relative }
diff-number = { $name }: 차이 { $absolute }, 상대 차이 { $relative }
diff-figure = { $name } { $shape }: { $figure }의 차이 { $absolute }, 상대 차이 { $relative } (원소는 저장되지 않았습니다)
diff-element = 원소 { $index }
diff-count = 원소 { $count }개 가운데 { $differing }개가 다릅니다.
diff-lengths = 스텝은 A에 { $first }개, B에 { $second }개 있습니다.

diff-reordered = 양쪽에 같은 원소가 다른 순서로 들어 있습니다. 다르게 섞였습니다.
diff-cause-random = 같은 연산이 다른 난수를 뽑았습니다. 시드가 다르거나, 그 전에 난수를 뽑은 순서가 다릅니다.
diff-cause-op = 양쪽의 입력이 같은데 결과가 다릅니다. 커널, 기계, 라이브러리, 스레드 수 가운데 무언가가 다릅니다.
diff-cause-data = 스텝 밖에서 들어온 값이고, 스텝 안의 연산이 만든 것이 아닙니다. 학습에 데이터를 넣는 부분을 살펴보세요.
diff-cause-parameter = 스텝에 들어올 때 이미 달랐습니다. 초기화하는 부분이나 스텝 사이에 값을 바꾸는 부분을 살펴보세요.
diff-cause-rng = 한쪽이 그 전에 다른 난수를 뽑았거나, 시드가 다릅니다.
diff-cause-curve = 이 스텝은 적어도 한쪽에 간단히 기록되어 있습니다. 어느 이벤트인지 보려면 양쪽 모두 --steps { $step } 옵션으로 기록하세요.
diff-cause-same-numbers = 비교할 수 있는 수는 양쪽이 모두 같습니다.
diff-cause-rounding = 반올림 정도의 작은 차이입니다. --rtol { $rtol } 옵션을 주면 같다고 봅니다.

diff-growth = 차이가 커지는 과정
diff-column-step = 스텝
diff-column-loss = 손실 { $side }
diff-column-difference = 차이
diff-column-weights = 가중치
diff-growth-note = 차이는 큰 쪽에 대한 상대값입니다. 0.001은 천분의 일입니다.
