# 실행이 오류로 끝난 까닭.

failure-title = 오류가 난 까닭 ({ $kind })
failure-fix = 해결
failure-or = 또는
failure-unknown = { $path }: 여기서 설명할 수 있는 PyTorch 오류로 끝난 실행이 아닙니다
failure-more = 오류가 난 스텝
failure-run-again = 스텝 { JOSA($step, "은/는") } 간단히 기록되어 연산이 파일에 없습니다. --steps { $step } 옵션으로 다시 실행하면 더 알 수 있습니다.

failure-no-way = backward()는 여기서 { $root }부터 시작했습니다. 그래디언트가 필요한 텐서로 가는 길이 없습니다.
failure-cut-detach = 여기서 그래프가 끊겼습니다. detach()와 .data는 { $name }의 수만 넘기고 계산 이력은 넘기지 않습니다.
failure-fix-detach = 손실을 계산하는 곳에서는 .detach()나 .data를 빼세요. 출력하거나 보관할 값에만 쓰세요.
failure-cut-no-grad = 그래디언트를 끈 상태에서 { JOSA($name, "을/를") } 여기서 계산했습니다. 그래서 계산 이력이 남지 않았습니다.
failure-switched-off = 여기서 그래디언트를 껐습니다.
failure-fix-no-grad = 손실은 no_grad()나 inference_mode() 밖에서 계산하세요. 이들은 평가할 때만 쓰세요.
failure-cut-number = 여기서 그래프가 끊겼습니다. { JOSA($name, "을/를") } 파이썬 수로 바꾸었습니다. 그 수로 다시 만든 텐서는 이력이 없는 새 텐서입니다.
failure-fix-number = backward()는 텐서 자체에서 부르세요. .item()은 출력하거나 보관할 값에만 쓰세요.
failure-cut-discrete = 여기서 그래프가 끊겼습니다. { $op } 결과는 { $dtype }이고, 그래디언트는 실수에만 있습니다.
failure-fix-discrete = 반올림하거나 비교하거나 클래스로 바꾸기 전의 출력으로 손실을 계산하세요.
failure-cut-copied = 여기서 그래프가 끊겼습니다. torch.tensor(…)는 { $name }의 수를 이력이 없는 새 텐서로 복사합니다.
failure-fix-stack = 텐서는 torch.stack([…])이나 torch.cat([…])으로 모으거나, 텐서를 그대로 쓰세요.
failure-fix-anew = { JOSA($name, "을/를") } 스텝마다 새로 계산하세요. 두 손실 가운데 하나가 그것을 만든 파라미터를 바꾸지 않아야 한다면, 그 손실에는 { $name }.detach()를 쓰세요.
failure-cut-op = 여기서 그래프가 끊겼습니다. { $op } 결과에는 이력이 없습니다.
failure-none-requires = { JOSA($root, "은/는") } { $names }에서 계산되었는데, 그래디언트가 필요하다고 표시된 것이 하나도 없습니다.
failure-fix-requires = 학습할 텐서는 만들 때 requires_grad=True를 주세요.
failure-frozen = 여기서 requires_grad를 껐습니다.
failure-fix-frozen = 학습할 파라미터의 requires_grad는 켜 두세요.
failure-made = { $name } { $shape }의 출처는 여기입니다.

failure-never-used = 그래디언트를 구하기 전에 { JOSA($name, "을/를") } 쓴 연산이 없습니다.
failure-used-elsewhere = { JOSA($name, "은/는") } 여기서 쓰였지만, { $root }에는 쓰이지 않았습니다.
failure-unused-cut = 그래서 autograd가 보기에 { JOSA($name, "은/는") } { $root }의 계산에 들어 있지 않습니다.
failure-fix-unused = 손실 계산에 쓰인 텐서에 대해서만 그래디언트를 구하세요.
failure-fix-allow-unused = allow_unused=True를 주고, 돌아오는 None을 "그래디언트 없음"으로 다루세요.
failure-input-requires-none = { JOSA($name, "은/는") } 그래디언트가 필요하다고 표시되지 않았습니다.
failure-fix-input = 순전파 전에 requires_grad_()를 부르세요.

failure-twice-the-loss = { $name }의 첫 번째 역전파가 여기서 실행되었고, 그래프에 저장된 값이 해제되었습니다.
failure-shared-part = { JOSA($name, "은/는") } 두 그래프에 모두 들어 있습니다.
failure-freed-by = 여기서 실행된 역전파가 그래프에 저장된 값을 해제했습니다.
failure-again = 이 역전파에 그 값이 다시 필요합니다.
failure-fix-add-losses = 손실을 더한 다음, 그 합에서 backward()를 한 번만 부르세요.
failure-fix-retain = 역전파를 두 번 하려던 것이라면 첫 번째에 retain_graph=True를 주세요. 저장된 값만큼 메모리를 더 씁니다.
failure-loss-made-once = { JOSA($name, "은/는") } 앞선 스텝에서 한 번만 계산되었습니다. 그 뒤의 backward()는 모두 같은 그래프를 지납니다.
failure-fix-forward-in-loop = 순전파와 손실 계산을 반복문 안, backward() 앞에 두세요.
failure-from-earlier-step = { JOSA($name, "은/는") } 앞선 스텝에서 이력과 함께 왔습니다. 이 그래프는 그 스텝의 그래프로 이어집니다.
failure-carried = 스텝마다 { JOSA($name, "을/를") } 여기서 넘기고 돌려받으면서 이력까지 이어 갑니다.
failure-made-before = { JOSA($name, "은/는") } 여기서 만들어졌습니다.
failure-freed-in-step = 그 스텝의 그래프는 backward()가 해제했습니다(스텝 { $step }).
failure-fix-carry = 스텝 사이에서 이력을 끊으세요. 다시 쓰기 전에 { $name } = { $name }.detach()를 실행하세요.
failure-fix-sum = 그래프가 아니라 수를 더하세요. { $name } += loss.item()으로 쓰고, backward()는 그 스텝의 손실에서 부르세요.

failure-overwritten = 여기서 { $op } 연산이 { $name } { $shape }의 값을 제자리에서 덮어썼습니다.
failure-keeps = { JOSA($op, "은/는") } 여기서의 { JOSA($name, "을/를") } 저장해 둡니다. 역전파 식에 필요하기 때문입니다.
failure-versions = PyTorch는 텐서에 쓴 횟수를 셉니다. 저장할 때는 버전 { $expected }이었는데, 지금은 버전 { $version }입니다.
failure-fix-out-of-place = 이 텐서를 바꾸지 말고 새 텐서를 만드세요. x *= 2 대신 x = x * 2, relu_(x) 대신 relu(x)를 쓰세요.
failure-fix-clone = 먼저 { $name }.clone()으로 복사해서 그 사본을 바꾸세요.
failure-updated = 여기서 { JOSA($by, "이/가") } { JOSA($name, "을/를") } 바꾸었습니다.
failure-used-before-update = 그 전에 { JOSA($name, "이/가") } 여기서 쓰였습니다.
failure-needs-old = 이 역전파에는 바뀌기 전의 { JOSA($name, "이/가") } 필요합니다.
failure-fix-step-last = 이 순전파의 모든 손실에서 backward()를 부른 다음에 step()을 부르세요.
failure-fix-forward-again = step() 뒤에 순전파를 다시 실행하세요.
failure-leaf = { JOSA($name, "은/는") } 그래디언트가 필요한 리프입니다. autograd가 지켜보는 동안에는 값을 제자리에서 바꿀 수 없습니다.
failure-fix-leaf = 업데이트를 "with torch.no_grad():" 안에 두거나 옵티마이저에 맡기세요.
failure-leaf-again = { $name } = { $name } - …로 고쳐도 소용없습니다. 리프가 아닌 새 텐서가 되어 .grad를 받지 못합니다.
failure-leaf-view = 이것은 그래디언트가 필요한 리프 { $name }의 일부입니다. autograd가 지켜보는 동안에는 값을 제자리에서 바꿀 수 없습니다.

failure-not-a-leaf = { JOSA($name, "은/는") } 그래디언트가 필요한 텐서로 { $op } 연산이 여기서 만든 것입니다. 리프가 아닙니다.
failure-leaves-learn = 옵티마이저는 리프를 바꿉니다. { JOSA($name, "은/는") } 리프에서 계산된 값이라 .grad를 받지 못하고, 바꾸어도 남지 않습니다.
failure-fix-leaf-first = 먼저 { JOSA($name, "을/를") } 원하는 대로(dtype, 장치, 크기) 만든 다음 { $name }.requires_grad_()를 부르세요.
failure-fix-give-leaf = 옵티마이저에는 { JOSA($leaf, "을/를") } 주고, { JOSA($name, "은/는") } 스텝마다 거기서 계산하세요.

failure-several = { $name }의 모양은 { $shape }입니다. 수 하나가 아닙니다.
failure-no-reduction = reduction='none'은 원소마다 손실을 하나씩 남깁니다.
failure-one-number = backward()는 수 하나에서 시작합니다. 그 수를 자기 자신으로 미분한 값은 1입니다.
failure-fix-reduction = reduction='mean'(기본값)이나 'sum'을 쓰세요.
failure-fix-mean = { $name }.mean().backward()나 .sum()을 쓰세요.
failure-fix-vector = 벡터–야코비 곱을 구하려던 것이라면 벡터를 주세요: { $name }.backward(gradient=…).

failure-product = { JOSA($left, "은/는") } { $left_shape }, { JOSA($right, "은/는") } { $right_shape }입니다. 곱하려면 왼쪽의 열 수({ $columns })와 오른쪽의 행 수({ $rows })가 같아야 합니다.
failure-fix-transpose = { $name }.T라면 맞습니다.
failure-fix-inner = 어느 차원이 예제이고 어느 차원이 특징인지 확인하세요.
failure-layer = 층 { $layer }({ $type })에는 특징이 { $expected }개 필요한데, { $name } { $shape }의 마지막 차원에는 { $given }개가 있습니다.
failure-layer-made = { JOSA($layer, "은/는") } 여기서 만들어졌습니다.
failure-fix-layer = 그 층의 입력 특징을 { $given }개로 하거나, 특징이 { $expected }개인 텐서를 넣으세요.
failure-target-size = { JOSA($output, "은/는") } { $output_shape }인데 { JOSA($target, "은/는") } { $target_shape }입니다.
failure-fix-unsqueeze = { $target }.unsqueeze(-1)은 정답을 열로 만듭니다. { $output }.squeeze(-1)은 출력을 벡터로 만듭니다.
failure-fix-squeeze = { $target }.squeeze(-1)은 정답을 벡터로 만듭니다.
failure-fix-one-batch = { JOSA($output, "과/와") } { $target }에는 같은 예제가 하나씩 짝을 이루어 들어 있어야 합니다. 같은 배치에서 가져왔는지, 중간의 reshape()와 view()가 맞는지 확인하세요.
failure-broadcast = { JOSA($first, "과/와") } { $second }의 모양이 맞지 않습니다. 차원 { $dimension }의 원소가 한쪽은 { $a }개, 다른 쪽은 { $b }개입니다. 길이가 1인 차원만 되풀이됩니다.
failure-fix-broadcast = 모양은 마지막 차원부터 비교합니다. unsqueeze()나 transpose(), 또는 크기를 바꾸어 맞추세요.

failure-channels = { $name } { $shape }의 채널은 { $given }개인데, 이 합성곱의 가중치 { $weight }에는 { $expected }개가 필요합니다.
failure-weight-made = 그 합성곱은 여기서 만들어졌습니다.
failure-fix-channels = 그 층의 입력 채널을 { $given }개로 하거나, 채널이 { $expected }개인 텐서를 넣으세요. 이미지의 차원은 (배치, 채널, 높이, 너비) 순서입니다.
failure-class = { $labels }에 클래스 번호 { JOSA($target, "이/가") } 있는데, { $scores } { $shape }의 클래스는 0부터 { $last }까지 { $classes }개입니다.
failure-fix-class = 클래스를 0부터 세거나, 마지막 층의 출력을 클래스마다 하나씩(적어도 { $classes }개) 두세요.

failure-dtype = { JOSA($name, "은/는") } { $was }인데, 여기에는 { JOSA($wanted, "이/가") } 필요합니다.
failure-dtype-somewhere = 여기에 { $was } 텐서가 있는데, { JOSA($wanted, "이/가") } 필요합니다.
failure-numpy-default = NumPy의 수는 기본이 float64이고, 모델의 파라미터는 float32입니다.
failure-classes = 클래스 번호는 정수(int64)입니다.
failure-whole-numbers = torch.tensor([…])에 정수를 넣으면 int64가 됩니다. 실수로 하려면 1.0처럼 쓰세요.
failure-fix-dtype = { $name }.{ $call }을 쓰세요.
