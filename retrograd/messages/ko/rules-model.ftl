# 모델에 대한 규칙: 층, 활성 함수, 처음 값.

missing-nonlinearity-found = { $what ->
        [linear] 두 층({ JOSA($line, "과/와") } 여기)이 사이에 아무것도 없이 이어집니다. 합치면 선형 층 하나와 같습니다.
       *[other] ReLU({ $line })의 결과에 ReLU를 또 적용합니다. 두 번째는 하는 일이 없습니다.
    }
missing-nonlinearity-why = 선형 사상을 거듭해도 선형 사상입니다. 사이에 함수가 없으면 층을 늘려도 표현할 수 있는 것이 늘지 않습니다.
missing-nonlinearity-fix = 층 사이에 ReLU, GELU, tanh 가운데 하나를 한 번만 두세요.

mixed-up-layout-found = 모양이 { $one }인 이미지를 숫자를 옮기지 않은 채 { JOSA($other, "으로/로") } 봅니다. 채널과 행, 열이 뒤섞입니다.
mixed-up-layout-why = view()와 reshape()은 메모리 순서를 그대로 둡니다. 차원의 순서를 바꾸려면 숫자를 다른 순서로 읽어야 합니다.
mixed-up-layout-fix = view 대신 x.permute(0, 3, 1, 2)를 쓰세요.
