# 텐서 카드: 수 말고도 텐서가 지닌 것.

tensor-title = 스텝 { $step }의 { $name }: { $rank }
tensor-rank = { $rank ->
    [0] 스칼라
    [1] 길이 { $shape }인 벡터
    [2] { $shape } 행렬
   *[other] { $shape } 텐서 ({ $rank }차원)
}
tensor-parameter = 파라미터입니다. 정의한 곳: { $place }
tensor-namesakes = 이 스텝에는 이름이 같은 값이 더 있습니다. 그 값을 만들거나 처음 읽은 이벤트 번호로 물어볼 수 있습니다: { $events }.

tensor-shape = 모양
tensor-what-rank = { $rank ->
    [0] 0차원: 수 하나입니다. 벡터는 1차원, 행렬은 2차원입니다.
    [1] 1차원: 인덱스 하나로 원소를 고릅니다. 스칼라는 0차원, 행렬은 2차원입니다.
    [2] 2차원: 행과 열, 인덱스 두 개로 원소를 고릅니다. 텐서는 인덱스가 몇 개든 될 수 있고, 저장 공간과 dtype, 장치, 그리고 어떻게 만들어졌는지도 함께 지닙니다.
   *[other] { $rank }차원: 인덱스 { $rank }개로 원소를 고릅니다. 행렬은 인덱스가 두 개인 텐서입니다.
}
tensor-dimension = { $axis }번 차원
tensor-elements = 원소 { $count }개, 장치 { $device }
tensor-bytes = 원소 { $count }개, 하나에 { $item }바이트, 모두 { $bytes }, 장치 { $device }
tensor-role-rows = { $made }의 행마다 하나 ({ $op }, 이벤트 { $event })
tensor-role-columns = { $made }의 열마다 하나 ({ $op }, 이벤트 { $event })
tensor-role-summed = { JOSA($made, "을/를") } 계산할 때 이 차원을 따라 더합니다 ({ $op }, 이벤트 { $event })
tensor-role-matrices = 나란히 놓인 행렬 ({ $op }, 이벤트 { $event })
tensor-role-examples = 예제 ({ $op }, 이벤트 { $event })
tensor-role-channels-in = 들어오는 채널 ({ $op }, 이벤트 { $event })
tensor-role-channels-out = 나가는 채널 ({ $op }, 이벤트 { $event })
tensor-role-height = 높이 ({ $op }, 이벤트 { $event })
tensor-role-width = 너비 ({ $op }, 이벤트 { $event })
tensor-role-kernel-height = 커널의 높이 ({ $op }, 이벤트 { $event })
tensor-role-kernel-width = 커널의 너비 ({ $op }, 이벤트 { $event })
tensor-role-entries = 표의 항목. 번호마다 하나 ({ $op }, 이벤트 { $event })
tensor-role-features = 항목마다 있는 특징 ({ $op }, 이벤트 { $event })

tensor-memory = 메모리
tensor-stride-scalar = 수 하나가 저장 공간의 { $offset }번 자리에 있습니다.
tensor-stride = 원소 { JOSA($index, "은/는") } 저장 공간의 { $formula }번 자리에 있습니다.
tensor-stride-only = stride = { $stride }. 저장 공간의 어디에서 시작하는지는 기록되지 않았습니다.
tensor-places = 인덱스마다 읽는 자리:
tensor-places-of = 인덱스마다 읽는 자리, { $index }에서:
tensor-storage = 저장 공간을 자리 순서대로 보면:
tensor-storage-holes = 저장 공간을 자리 순서대로 보면 (괄호 안은 이 텐서가 읽지 않는 값):
tensor-contiguous = 연속(contiguous)입니다. 행 순서대로 빈틈없이 놓여 있어서 view()로 복사 없이 모양을 바꿀 수 있습니다.
tensor-not-contiguous = 연속(contiguous)이 아닙니다. 행 순서대로 읽으면 자리가 차례로 이어지지 않습니다. contiguous()를 부르면 복사합니다.
tensor-expanded = { $axes }번 차원의 stride가 0입니다. 그 차원의 모든 인덱스가 같은 원소를 읽습니다. 인덱스 { $count }개가 원소 { $distinct }개를 나누어 쓰며, 복사한 것은 없습니다(브로드캐스트).
tensor-view-of = { $source }의 뷰입니다. { JOSA($op, "은/는") } { $place }에서 복사하지 않고 만들었습니다(이벤트 { $event }). 한쪽에 쓰면 다른 쪽에서도 보입니다.
tensor-shares = 같은 저장 공간에 있는 것:
tensor-shares-nothing = 이 스텝에서 저장 공간을 함께 쓰는 다른 텐서는 없습니다.
tensor-shared-view = { $name } ({ $shape }, stride { $stride }): 이벤트 { $event }에서 { JOSA($op, "으로/로") } 만든 뷰
tensor-shared-written = { $name } ({ $shape }, stride { $stride }): 이벤트 { $event }에서 { JOSA($op, "이/가") } 그 자리에 쓴 값
tensor-shared-base = { $name } ({ $shape }, stride { $stride })
tensor-apart = , 겹치지 않는 원소
tensor-shares-more = 그 밖에 { $count }개
tensor-layout = 레이아웃이 { $layout }이라 stride가 없습니다. 위의 수는 밀집 텐서로 바꾸어 보인 것입니다.
tensor-without-elements = 원소를 읽을 수 없습니다 ({ $why }).

tensor-dtype = 수
tensor-float = { $dtype }: 하나에 { $bits }비트. 부호 1, 지수 { $exponent }, 가수 { $fraction }비트입니다.
tensor-complex = { $dtype }: 실수부와 허수부로 이루어지고, 각각 부호 1, 지수 { $exponent }, 가수 { $fraction }비트입니다.
tensor-integer = { $dtype }: 하나에 { $bits }비트. { $smallest }부터 { $largest }까지의 정수입니다. 두 정수 사이에는 아무것도 없으므로 그래디언트가 없습니다.
tensor-bool = bool: 참 또는 거짓, 하나에 1바이트입니다. 그래디언트가 없습니다.
tensor-dtype-unknown = { $dtype }: 정밀도를 알 수 없습니다.
tensor-eps = eps = { $eps }: 1 다음의 수는 1 + eps입니다. 십진수로 약 { $digits }자리까지 정확합니다.
tensor-spacing = 가장 큰 원소 { $number } 근처에서 이웃한 수의 간격은 { $spacing }입니다. 그보다 훨씬 작은 변화는 사라집니다.
tensor-range = 가장 큰 수는 { $largest }, 정밀도가 온전한 가장 작은 수는 { $smallest }입니다.
tensor-tenth = 0.1은 실제로 { JOSA($held, "으로/로") } 저장됩니다

tensor-autograd = Autograd
tensor-unknown = 기록되지 않음
tensor-leaf-made = 리프입니다. { JOSA($op, "이/가") } { $place }에서 requires_grad=True로 만들었고, 그 뒤에 autograd가 기록한 연산이 없습니다. 그래디언트는 여기에서 끝나 .grad에 쌓입니다.
tensor-leaf-outside = 리프입니다. 이 스텝 전부터 있었고, 그 뒤에 autograd가 기록한 연산이 없습니다. 그래디언트는 여기에서 끝나 .grad에 쌓입니다.
tensor-leaf-frozen = 그래디언트를 받지 않는 리프입니다. requires_grad가 False이므로 바뀌지 않습니다.
tensor-leaf-data = 리프입니다. 스텝 밖에서 온 데이터이고, 그래디언트를 요구하지 않았으므로 autograd는 아무것도 기록하지 않습니다.
tensor-leaf-from-data = 리프입니다. { JOSA($op, "이/가") } { $place }에서 그래디언트를 요구하지 않는 텐서로 만들었으므로 autograd는 아무것도 기록하지 않았습니다.
tensor-leaf-whole-numbers = 리프입니다. { $dtype }에는 미분이 없으므로 그래디언트를 요구할 수 없습니다.
tensor-leaf-no-grad = 리프입니다. { JOSA($op, "이/가") } { $place }의 no_grad() 안에서 실행되어 autograd는 아무것도 기록하지 않았습니다.
tensor-leaf-detached = 리프입니다. { $place }의 detach()가 그래프에서 떼어 냈습니다.
tensor-leaf-unknown = 이 값은 { JOSA($op, "이/가") } { $place }에서 만들었지만, 그 연산을 지나간 역전파가 이 스텝에 없습니다. 그래디언트를 요구하는지는 기록되지 않았습니다.
tensor-not-leaf = 리프가 아닙니다. { JOSA($op, "이/가") } { $place }에서 그래디언트를 요구하는 텐서로 만들었고, autograd는 돌아갈 길로 { JOSA($node, "을/를") } 기록했습니다.
tensor-grad-is-data = 리프입니다. 그래디언트는 데이터일 뿐이고, 그 뒤에 그래프가 없습니다.
tensor-grad-with-graph = 자기 그래프를 지닌 그래디언트입니다. 역전파를 create_graph=True로 실행했습니다.
tensor-grad-fn-none = grad_fn = None
tensor-way = grad_fn = { $node }. 여기에서 그래디언트가 가는 곳:
tensor-way-leaf = { $node }: { $leaf }.grad에 더합니다
tensor-way-seen = { $node }: 위에 있습니다
tensor-way-more = … 노드가 더 있습니다
tensor-kept = { JOSA($node, "이/가") } 역전파를 위해 { JOSA($name, "으로/로") } 보관합니다
tensor-kept-freed = { JOSA($node, "이/가") } 이벤트 { $event }까지 { JOSA($name, "으로/로") } 보관합니다
tensor-writes = 이 스텝에서 제자리에서 쓴 것: { $events }. 쓸 때마다 버전 카운터가 올라가고 뷰는 그 카운터를 함께 씁니다. backward()는 이 카운터를 보고 보관한 값이 덮어써졌는지 알아냅니다.
tensor-no-writes = 이 스텝에서 저장 공간에 쓴 것이 없으므로 버전 카운터는 그대로입니다.
tensor-write = { $op }(이벤트 { $event })

tensor-grad = .grad
tensor-grad-entry-accumulate = 이벤트 { $event }: backward()가 { JOSA($contribution, "을/를") } 더함
tensor-grad-entry-clear = 이벤트 { $event }: { $owner }.zero_grad()
tensor-grad-entry-change = 이벤트 { $event }: 바뀜
tensor-grad-became = { $before } → { $after }
tensor-no-grad-yet = None: 이 스텝의 역전파가 { $name }에 닿지 않았습니다.
tensor-no-grad-not-wanted = None: 그래디언트를 요구하지 않습니다.
tensor-no-grad-not-leaf = None: PyTorch는 리프의 .grad만 보관합니다. 그래디언트는 이곳을 지나갔으니 { $name }.grad로 물어보면 볼 수 있습니다. 프로그램에서 retain_grad()를 부르면 보관됩니다.
tensor-no-grad-unknown = 기록되지 않음
tensor-no-grad-of-gradient = None: 그 자체가 그래디언트입니다.

tensor-uses = 이 스텝에서
tensor-use-made = { JOSA($op, "이/가") } 만듦
tensor-use-read = { JOSA($op, "이/가") } { JOSA($argument, "으로/로") } 읽음
tensor-use-written = { JOSA($op, "이/가") } 제자리에서 씀
tensor-use-root = { $api }()가 여기에서 시작
tensor-use-updated = { JOSA($optimizer, "이/가") } .grad를 읽고 새 값을 씀
tensor-use-accumulated = backward()가 .grad에 더함
tensor-use-sent = { JOSA($node, "이/가") } 내보냄
tensor-use-received = { JOSA($node, "으로/로") } 들어감
tensor-use-cleared = { $owner }.zero_grad()가 지움
tensor-use-grad-changed = 바뀜
tensor-use-grad-read = { JOSA($optimizer, "이/가") } 업데이트하려고 읽음
tensor-use-broadcast = { JOSA($shape, "으로/로") } 브로드캐스트
tensor-uses-more = 그 밖의 이벤트 { $count }개
