# 연산 하나의 야코비 행렬: 이 수에서 어떤 값인지, 어떻게 행렬로 접히는지, backward()가 왜 만들지 않는지.

jacobian-whole = { $name }, { $rows } × { $columns }: 행은 { $result }의 원소({ $outputs }), 열은 { $input }의 원소({ $inputs })

jacobian-structure = 구조: { $structure }
jacobian-by-numbers = 수를 보고 확인했으며, 미분 규칙도 같은 구조라고 합니다.
jacobian-by-rule-only = 미분 규칙에 따른 구조입니다. 행렬 전체는 너무 커서 살펴보지 못했습니다.
jacobian-against-rule = ✗ 수가 미분 규칙과 다릅니다. 규칙에 따르면 { $claim }입니다.
jacobian-kind-zero = 영행렬 (출력이 이 입력에 따라 변하지 않습니다)
jacobian-kind-identity = 단위행렬 (각 출력은 같은 자리의 입력에, 이 입력과 무관한 값을 더한 것입니다)
jacobian-kind-diagonal = 대각행렬 (각 출력은 같은 자리의 입력에만 따라 변합니다)
jacobian-kind-permutation = 치환행렬 (각 출력은 입력 하나이고, 각 입력은 출력 하나로 갑니다)
jacobian-kind-selection = 선택 (각 출력은 입력 하나를 그대로 가져온 것이거나, 아무것도 가져오지 않은 것입니다)
jacobian-kind-shared-selection = 선택 (각 출력은 입력 하나이고, 같은 값이 여럿이면 똑같이 나눕니다)
jacobian-kind-broadcast = 브로드캐스트 (입력 하나가 여러 출력으로 가므로, 그래디언트는 모두 더해집니다)
jacobian-kind-weighted-broadcast = 계수가 붙은 브로드캐스트 (입력 하나가 여러 출력에 들어가므로, 그래디언트는 모두 더해집니다)
jacobian-kind-sum = 합 (각 입력이 출력 하나에 계수 1로 들어갑니다)
jacobian-kind-weighted-sum = 가중합 (각 입력이 출력 하나에 계수와 함께 들어갑니다)
jacobian-kind-block-diagonal = 블록 대각 (출력과 입력이 서로 무관한 { $blocks }개의 묶음으로 나뉩니다)
jacobian-kind-block-diagonal-by-rule = 블록 대각 (출력과 입력이 서로 무관한 묶음으로 나뉩니다)
jacobian-kind-kronecker = 크로네커 곱 (작은 행렬 하나가 되풀이됩니다)
jacobian-kind-kronecker-single = 크로네커 곱 (사본이 하나뿐이라 작은 행렬 그대로입니다)
jacobian-kind-convolution = 합성곱(퇴플리츠) (같은 수들이 자리를 옮겨 가며 되풀이됩니다)
jacobian-kind-local = 국소적 (각 출력은 입력의 한 구간에만 따라 변하고, 그 구간이 자리를 옮겨 갑니다)
jacobian-kind-dense = 밀집 행렬 (모든 출력이 모든 입력에 따라 변할 수 있습니다)

jacobian-fold-indices = { $result }의 원소는 { $outputs }개, { $input }의 원소는 { $inputs }개입니다. 짝마다 미분이 하나씩 있으므로, 모두 모으면 인덱스가 { $dimensions }개인 배열 { JOSA($shape, "이/가") } 됩니다.
jacobian-fold-element = { $result }의 원소 하나는 다음과 같습니다.
jacobian-fold-entry = 그 미분은 옆에 곱해진 { $other }의 수이고, 인덱스가 맞지 않는 곳에서는 0입니다.
jacobian-fold-entry-always = 그 미분은 옆에 곱해진 { $other }의 수입니다.
jacobian-fold-flatten = 접기: 출력 { $rows }에 행 순서대로 번호를 매기고, 입력 { $columns }에도 행 순서대로 번호를 매깁니다. 그러면 배열이 { $size } 행렬이 됩니다.
jacobian-fold-is = 여기서는 { $input }의 그 차원에 원소가 하나뿐이라 { JOSA($letters, "이/가") } 항상 성립합니다. 그래서 이 행렬은 바로 { $matrix }입니다.
jacobian-fold-is-always = 되풀이할 것이 없으므로, 이 행렬은 바로 { $matrix }입니다.
jacobian-fold-kronecker-blocks = { $letters }마다 { $matrix }의 사본이 하나씩, 모두 { $count }개가 대각선을 따라 놓이고 나머지는 0입니다.
jacobian-fold-kronecker-strided = { $letters }마다 { $matrix }의 사본이 하나씩, 모두 { $count }개가 행과 열을 번갈아 끼워 놓이고 나머지는 0입니다.
jacobian-fold-copies = { $matrix }의 사본 { $count }개가 행과 열을 번갈아 끼워 놓이고 나머지는 0입니다.
jacobian-fold-batch = { $letters }마다 { $other }의 그 부분으로 된 블록이 하나씩 있고 나머지는 0입니다.
jacobian-fold-vjp = backward()는 출력마다 수가 하나씩 있는 v = { JOSA($gradient, "을/를") } 받습니다. 연쇄 법칙에 따라 곱하고 출력에 대해 더하면 0인 항은 사라집니다.
jacobian-fold-formula = 이것은 행렬 곱이고, 큰 행렬은 어디에도 없습니다. 그래서 { $input }의 그래디언트는 다음과 같습니다.
jacobian-equal = ✓ 모든 수가 같습니다
jacobian-unequal = ✗ 같지 않은 수가 있습니다
jacobian-vjp = backward()는 출력마다 수가 하나씩 있는 v = { JOSA($gradient, "을/를") } 받습니다. 연쇄 법칙에 따라 J의 행마다 그 v를 곱해 더하면 다음과 같습니다.
jacobian-vjp-summed = backward()는 출력마다 수가 하나씩 있는 v = { JOSA($gradient, "을/를") } 받습니다. 연쇄 법칙에 따라 J의 행마다 그 v를 곱해 더합니다. 브로드캐스트된 입력은 여러 출력에 들어갔으므로, Σ는 그 출력들에 대해 더하라는 뜻입니다.
jacobian-same-shape = vᵀJ에는 { $input }의 원소마다 수가 하나씩 있습니다. 그래서 그래디언트의 모양은 { JOSA($input, "과/와") } 같은 { $shape }입니다.
jacobian-same-shape-parameter = vᵀJ에는 { $input }의 원소마다 수가 하나씩 있습니다. 그래서 그래디언트의 모양은 { JOSA($input, "과/와") } 같은 { $shape }이고, 옵티마이저가 학습률을 곱해 바로 뺄 수 있습니다.
jacobian-cost = J에는 수가 { $jacobian }개, vᵀJ에는 { $vector }개 있습니다. PyTorch는 J를 만들지 않고 vᵀJ를 바로 계산합니다.

jacobian-takes-none = { JOSA($name, "은/는") } 그래디언트를 받지 않습니다(requires_grad가 False). 그래서 backward()가 건너뜁니다. 받는다면 { $gradient }입니다.
jacobian-whole-numbers = { $name }의 dtype은 { $dtype }입니다. 이런 값으로는 미분하지 않습니다.
jacobian-constant = { JOSA($name, "은/는") } 상수로 다룹니다. 그래디언트가 가지 않습니다.
jacobian-no-gradient-at-all = 이 { $operation }에는 그래디언트가 지나가지 않습니다. PyTorch는 이 야코비 행렬을 쓰지 않습니다.
jacobian-output = 출력이 여러 개입니다. 이것은 { $number }번 { $symbol }입니다. 다른 출력은 { $event }.0, { $event }.1, …로 물어볼 수 있습니다. 나가는 그래디언트는 모든 출력에 대한 합입니다.
jacobian-namesakes = 이름이 { $name }인 연산이 { $count }개 있습니다. 이것은 { $name }#{ $number }입니다. 이벤트 번호: { $events }.
jacobian-left-out = 빠짐: { $reason }
jacobian-convention-holomorphic = 복소수: 원소는 미분 ∂y/∂z입니다. PyTorch의 backward()는 그래디언트가 가장 가파르게 커지는 쪽을 가리키도록, v에 J의 켤레를 곱합니다.
jacobian-convention-of-real = 실수에서 나온 복소수: 원소는 ∂Re(y)/∂x + i · ∂Im(y)/∂x입니다.
jacobian-convention-gradient = 이 복소함수는 정칙이 아니어서 미분 ∂y/∂z가 하나로 정해지지 않습니다. 원소는 v = 1일 때 PyTorch가 보내는 값, ∂Re(y)/∂Re(z) + i · ∂Re(y)/∂Im(z)입니다.
reason-jacobian-too-costly = vᵀJ가 여기서 한꺼번에 계산하기에는 너무 큽니다. retrograd explain --event로 확인할 수 있습니다
