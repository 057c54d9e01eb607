# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 실습 1 · 손글씨 숫자
#
# **목표.** 앞에서 유도한 식만으로 신경망을 짜고, 사람이 손으로 쓴 숫자를 가르친다. 미분을 대신해 주는 도구는 쓰지 않는다.
# 식 한 줄이 numpy 한 줄이 된다. 한 번도 보여 주지 않은 숫자를 95 % 이상 맞히면 성공이다.
#
# **준비물.** [은닉 → 출력](../hidden-to-output.md)과 [입력 → 은닉](../input-to-hidden.md)에서 얻은 결과, 그리고 파이썬 조금.
#
# 이 노트북은 사이트를 만들 때마다 처음부터 끝까지 실행된다. 여기 적힌 식은 다른 쪽의 식과 똑같이 검증된다.
# 정확도가 약속에 못 미치면 사이트는 만들어지지 않는다. 내려받아 직접 실행해도 된다. numpy, scikit-learn, matplotlib만 있으면 된다.

# %%
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

rng = np.random.default_rng(2018)  # 씨앗을 고정하면 누가 실행해도 같은 결과가 나온다

# %% [markdown]
# ## 1. 데이터
#
# scikit-learn에는 가로세로 여덟 칸으로 줄인 손글씨 숫자가 들어 있다. 한 칸의 진하기는 0부터 16까지다. 16으로 나누어 0과 1 사이로 옮긴다.
# 목푯값은 열 자리 가운데 정답 자리만 1이고 나머지는 0이다.
#
# 네 장에 한 장은 떼어 두고 가르칠 때 쓰지 않는다. 외운 것인지 배운 것인지는 처음 보는 숫자로 시험해야 안다.

# %%
digits = load_digits()
x_all = digits.data / 16
t_all = np.eye(10)[digits.target]

order = rng.permutation(len(x_all))
held_back, training = order[: len(order) // 4], order[len(order) // 4 :]
print(f"가르칠 숫자 {len(training)}장, 떼어 둔 숫자 {len(held_back)}장")


def show(which, titles):
    figure, axes = plt.subplots(1, len(which), figsize=(6, 1.2), dpi=150)
    for place, number, title in zip(axes, which, titles):
        place.imshow(x_all[number].reshape(8, 8), cmap="gray_r")
        place.set_title(title)
        place.axis("off")
    plt.show()


show(training[:8], digits.target[training[:8]])

# %% [markdown]
# ## 2. 첨자와 모양
#
# 예가 여러 개이므로 첨자가 하나 는다. $p = 1, \dots, N$은 예를 센다. 나머지는 그대로다. 입력은 $i = 1, \dots, n$, 은닉 유닛은 $j = 1, \dots, d$, 출력 유닛은 $k = 1, \dots, c$다.
#
# | 기호 | 뜻 | numpy 배열과 그 모양 |
# |---|---|---|
# | $x_{pi}$ | $p$번째 예의 $i$번째 칸 | `x`, (N, n) |
# | $t_{pk}$ | $p$번째 예의 목푯값 | `t`, (N, c) |
# | $w_{ji}$ | 입력 $i$에서 은닉 유닛 $j$로 가는 가중치 | `w_ji`, (d, n) |
# | $w_{kj}$ | 은닉 유닛 $j$에서 출력 유닛 $k$로 가는 가중치 | `w_kj`, (c, d) |
#
# 합은 `np.einsum`으로 쓴다. 글자가 곧 첨자다. `np.einsum("pi,ji->pj", x, w_ji)`에서 화살표 오른쪽에 없는 글자 `i`가 Σ로 더하는 첨자다.
#
# 먼저 예 다섯 개로 식을 한 줄씩 옮겨 본다. 가중치는 작은 난수로 시작한다. 모두 같은 수로 시작하면 은닉 유닛이 모두 똑같이 움직여서 하나나 다름없게 된다.

# %%
x, t = x_all[training[:5]], t_all[training[:5]]
N, n, d, c = len(x), x.shape[1], 32, t.shape[1]

w_ji = rng.normal(0, 1 / np.sqrt(n), size=(d, n))
w_kj = rng.normal(0, 1 / np.sqrt(d), size=(c, d))
print(f"N = {N}, n = {n}, d = {d}, c = {c}")


# %% [markdown]
# ## 3. 순전파
#
# 활성화 함수는 시그모이드다. 도함수는 함숫값만으로 계산할 수 있다.
#
# $$
# f(u) = \frac{1}{1 + e^{-u}}
# $$
#
# $$
# f'(u) = f(u) \, (1 - f(u))
# $$

# %%
def f(u):
    return 1 / (1 + np.exp(-u))


def f_prime(u):
    return f(u) * (1 - f(u))


# %% [markdown]
# 은닉층의 순입력과 출력이다. 합에 쓰인 첨자와 `einsum`의 글자를 맞추어 보라.
#
# $$
# \mathrm{net}_{pj} = \sum_{i=1}^{n} x_{pi} \, w_{ji}, \qquad y_{pj} = f(\mathrm{net}_{pj})
# $$

# %%
net_j = np.einsum("pi,ji->pj", x, w_ji)
y = f(net_j)

# %% [markdown]
# 출력층도 똑같다.
#
# $$
# \mathrm{net}_{pk} = \sum_{j=1}^{d} y_{pj} \, w_{kj}, \qquad z_{pk} = f(\mathrm{net}_{pk})
# $$

# %%
net_k = np.einsum("pj,kj->pk", y, w_kj)
z = f(net_k)

# %% [markdown]
# 목적 함수는 예마다 구한 오차제곱합의 절반을 평균한 것이다. $\frac{1}{N}$은 여기에 한 번만 나온다.
#
# $$
# J = \frac{1}{N} \sum_{p=1}^{N} \frac{1}{2} \sum_{k=1}^{c} (t_{pk} - z_{pk})^2
# $$

# %%
J = 1 / N * np.sum(1 / 2 * np.sum((t - z) ** 2, axis=1))
print(f"J = {J:.6f}")

# %% [markdown]
# ## 4. 역전파
#
# 뒤에서부터 온다. 출력 유닛의 민감도는 목적 함수를 순입력으로 미분한 것이다.
#
# $$
# \delta_{pk} := \frac{\partial J}{\partial \mathrm{net}_{pk}}
# $$
#
# [은닉 → 출력](../hidden-to-output.md)에서 얻은 식에 목적 함수의 $\frac{1}{N}$이 따라온다.
#
# $$
# \delta_{pk} = \frac{1}{N} (z_{pk} - t_{pk}) \, f'(\mathrm{net}_{pk})
# $$

# %%
delta_k = 1 / N * (z - t) * f_prime(net_k)

# %% [markdown]
# 가중치 하나를 모든 예가 함께 쓴다. 그래서 예마다 나온 몫을 더한다. 새로 생긴 합은 $p$에 대한 합뿐이다.
#
# $$
# \frac{\partial J}{\partial w_{kj}} = \sum_{p=1}^{N} \delta_{pk} \, y_{pj}
# $$

# %%
dJ_dw_kj = np.einsum("pk,pj->kj", delta_k, y)

# %% [markdown]
# 은닉 유닛의 민감도는 [입력 → 은닉](../input-to-hidden.md)에서 얻은 그대로다. 뒤층의 민감도를 가중치를 거쳐 모으고, 자기 도함수를 곱한다.
#
# $$
# \delta_{pj} := \frac{\partial J}{\partial \mathrm{net}_{pj}}
# $$
#
# $$
# \delta_{pj} = f'(\mathrm{net}_{pj}) \sum_{k=1}^{c} \delta_{pk} \, w_{kj}
# $$

# %%
delta_j = f_prime(net_j) * np.einsum("pk,kj->pj", delta_k, w_kj)

# %% [markdown]
# 앞의 가중치도 민감도에 들어온 값을 곱하고 예에 대해 더한다.
#
# $$
# \frac{\partial J}{\partial w_{ji}} = \sum_{p=1}^{N} \delta_{pj} \, x_{pi}
# $$

# %%
dJ_dw_ji = np.einsum("pj,pi->ji", delta_j, x)
print(dJ_dw_kj.shape == w_kj.shape, dJ_dw_ji.shape == w_ji.shape)


# %% [markdown]
# ## 5. 그래디언트 검사
#
# 모양이 맞는다고 값이 맞는 것은 아니다. 가르치기 전에 그래디언트 검사(gradient check)를 한다.
# 가중치 하나에 아주 작은 허수를 더하고 순전파를 한 번 돌린다. 목적 함수의 허수부를 그 작은 수로 나누면 편미분이 나온다. 뺄셈이 없으니 자릿수를 잃지 않는다.
# 이 방법을 복소 걸음(complex step)이라고 한다. 자세한 이야기는 [검증 방법](../how-checked.md)에 있다.
#
# 가중치마다 순전파를 한 번씩 돌려야 하므로 느리다. 검사할 때만 쓴다.

# %%
def objective(w_ji, w_kj):
    net_j = np.einsum("pi,ji->pj", x, w_ji)
    y = f(net_j)
    net_k = np.einsum("pj,kj->pk", y, w_kj)
    z = f(net_k)
    return 1 / N * np.sum(1 / 2 * np.sum((t - z) ** 2, axis=1))


def by_complex_step(function, w, h=1e-20):
    gradient = np.zeros(w.shape)
    for entry in np.ndindex(w.shape):
        moved = w.astype(complex)
        moved[entry] += 1j * h
        gradient[entry] = function(moved).imag / h
    return gradient


def largest_error(a, b):
    scale = np.maximum(abs(a), abs(b))
    return np.max(abs(a - b) / np.where(scale == 0, 1, scale))


true_kj = by_complex_step(lambda w: objective(w_ji, w), w_kj)
true_ji = by_complex_step(lambda w: objective(w, w_kj), w_ji)

print(f"∂J/∂w_kj: 상대 오차 {largest_error(dJ_dw_kj, true_kj):.0e}")
print(f"∂J/∂w_ji: 상대 오차 {largest_error(dJ_dw_ji, true_ji):.0e}")
assert largest_error(dJ_dw_kj, true_kj) < 1e-9
assert largest_error(dJ_dw_ji, true_ji) < 1e-9

# %% [markdown]
# 검사가 정말 오류를 잡는지도 확인한다. 가장 흔한 오류를 일부러 넣는다. 은닉 유닛의 민감도에서 도함수를 빠뜨린 **틀린 식**이다.
#
# <!-- bpdocs: wrong -->
#
# $$
# \delta_{pj} = \sum_{k=1}^{c} \delta_{pk} \, w_{kj}
# $$
#
# 모양이 맞으니 파이썬은 아무 말도 하지 않는다. 검사는 말한다.

# %%
slip_j = np.einsum("pk,kj->pj", delta_k, w_kj)
slip_ji = np.einsum("pj,pi->ji", slip_j, x)

print(f"f′을 빠뜨렸을 때의 상대 오차 {largest_error(slip_ji, true_ji):.2f}")
assert largest_error(slip_ji, true_ji) > 0.1


# %% [markdown]
# ## 6. 가르치기
#
# 경사 하강법이다. 그래디언트의 반대쪽으로 학습률 $\eta$만큼 간다. 두 그래디언트는 모두 **옛** 가중치로 계산한 것이다.
#
# $$
# w_{kj} \leftarrow w_{kj} - \eta \, \frac{\partial J}{\partial w_{kj}}
# $$
#
# $$
# w_{ji} \leftarrow w_{ji} - \eta \, \frac{\partial J}{\partial w_{ji}}
# $$
#
# 예를 한꺼번에 다 쓰지 않고 섞어서 조금씩 나누어 쓴다. 이것이 확률적 경사 하강법이다. 위에서 한 줄씩 쓴 것을 함수 둘로 모은다. 새로 쓰는 식은 하나도 없다.

# %%
def forward(x, w_ji, w_kj):
    net_j = np.einsum("pi,ji->pj", x, w_ji)
    y = f(net_j)
    net_k = np.einsum("pj,kj->pk", y, w_kj)
    z = f(net_k)
    return net_j, y, net_k, z


def backward(x, t, w_kj, net_j, y, net_k, z):
    N = len(x)
    delta_k = 1 / N * (z - t) * f_prime(net_k)
    dJ_dw_kj = np.einsum("pk,pj->kj", delta_k, y)
    delta_j = f_prime(net_j) * np.einsum("pk,kj->pj", delta_k, w_kj)
    dJ_dw_ji = np.einsum("pj,pi->ji", delta_j, x)
    return dJ_dw_kj, dJ_dw_ji


def accuracy(which):
    z = forward(x_all[which], w_ji, w_kj)[-1]
    return np.mean(z.argmax(axis=1) == digits.target[which])


eta, size = 2.0, 32
losses = []
for epoch in range(1, 101):
    for batch in np.split(rng.permutation(training), range(size, len(training), size)):
        net_j, y, net_k, z = forward(x_all[batch], w_ji, w_kj)
        dJ_dw_kj, dJ_dw_ji = backward(x_all[batch], t_all[batch], w_kj, net_j, y, net_k, z)
        w_kj = w_kj - eta * dJ_dw_kj
        w_ji = w_ji - eta * dJ_dw_ji
        losses.append(1 / len(batch) * np.sum(1 / 2 * np.sum((t_all[batch] - z) ** 2, axis=1)))
    if epoch % 20 == 0:
        print(f"{epoch}바퀴: J = {np.mean(losses[-40:]):.4f}, 떼어 둔 숫자의 정확도 {accuracy(held_back):.1%}")

# %% [markdown]
# ## 7. 결과
#
# 걸음마다 목적 함수가 어떻게 줄었는지 그린다. 가로축은 걸음의 수, 세로축은 로그 눈금이다. 들쭉날쭉한 것은 걸음마다 다른 예를 쓰기 때문이다.

# %%
figure, axes = plt.subplots(figsize=(6, 3), dpi=150)
axes.semilogy(losses, linewidth=0.6)
axes.set_xlabel("$r$")
axes.set_ylabel("$J$")
axes.grid(alpha=0.3)
plt.show()

# %% [markdown]
# 이제 약속을 지켰는지 본다. 떼어 둔 숫자는 지금까지 한 번도 쓰지 않았다.

# %%
print(f"가르친 숫자: {accuracy(training):.1%}")
print(f"떼어 둔 숫자: {accuracy(held_back):.1%}")
assert accuracy(held_back) >= 0.95

# %% [markdown]
# 잘못 읽은 숫자 몇 개를 본다. 화살표 왼쪽이 정답, 오른쪽이 신경망의 답이다. 사람도 망설일 만한 것이 있다.

# %%
guess = forward(x_all[held_back], w_ji, w_kj)[-1].argmax(axis=1)
misread = np.flatnonzero(guess != digits.target[held_back])[:8]
print(f"떼어 둔 숫자 {len(held_back)}장 가운데 {np.sum(guess != digits.target[held_back])}장을 잘못 읽었다")
show(held_back[misread], [f"{digits.target[held_back[number]]} → {guess[number]}" for number in misread])

# %% [markdown]
# ## 8. 스스로 해 보기
#
# 아래 셀의 `...`을 채우고 실행한다. 틀려도 괜찮다. 채점 함수가 무엇이 어긋났는지 알려 준다. 먼저 채점 함수를 준비한다.

# %%
x, t = x_all[training[:5]], t_all[training[:5]]
net_j, y, net_k, z = forward(x, w_ji, w_kj)
delta_k = 1 / N * (z - t) * f_prime(net_k)
true_b_k = by_complex_step(lambda b_k: 1 / N * np.sum(1 / 2 * (t - f(net_k + b_k)) ** 2), np.zeros(c))
true_kj = by_complex_step(lambda w: objective(w_ji, w), w_kj)
true_ji = by_complex_step(lambda w: objective(w, w_kj), w_ji)


def near(a, b):
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-6, atol=1e-12)


def check_tanh(tanh_prime):
    u = np.array([-1.3, -0.4, 0.2, 0.9])
    answer, right = tanh_prime(u), 1 / np.cosh(u) ** 2
    if answer is ...:
        print("아직 비어 있다. 힌트: tanh(u)를 한 번 계산해 두면 그것만으로 답을 쓸 수 있다.")
    elif near(answer, right):
        print("맞다.")
    elif near(answer, -right):
        print("부호가 반대다. tanh는 늘어나는 함수이므로 도함수는 음수가 될 수 없다.")
    elif near(answer, f(u) * (1 - f(u))):
        print("그것은 시그모이드의 도함수다.")
    elif near(answer, 1 - np.tanh(u)):
        print("제곱이 빠졌다.")
    elif near(answer, 1 - u**2):
        print("u가 아니라 tanh(u)를 제곱해야 한다.")
    else:
        print("아직 아니다. u = 0에서 tanh의 기울기는 1이다. 방금 쓴 식은 어떤가?")


def check_bias(dJ_db_k):
    if dJ_db_k is ...:
        print("아직 비어 있다. 힌트: 편향은 순입력에 그대로 더해진다. 순입력이 편향에 따라 바뀌는 비율은 얼마인가?")
    elif near(dJ_db_k, true_b_k):
        print("맞다.")
    elif np.shape(dJ_db_k) == delta_k.shape:
        print("모양이 (N, c)다. 편향은 모든 예가 함께 쓰니 예에 대해 더해야 한다.")
    elif near(dJ_db_k, true_b_k / N):
        print("1/N이 두 번 들어갔다. 민감도에 이미 들어 있다.")
    elif near(dJ_db_k, -true_b_k):
        print("부호가 반대다.")
    elif np.shape(dJ_db_k) != true_b_k.shape:
        print(f"모양이 {np.shape(dJ_db_k)}다. 편향의 모양은 {true_b_k.shape}다.")
    else:
        print("아직 아니다. 민감도만 쓰면 된다. 은닉층의 출력은 필요 없다.")


def check_backward(backward):
    dJ_dw_kj, dJ_dw_ji = backward(x, t, w_kj, net_j, y, net_k, z)
    if near(dJ_dw_kj, -true_kj):
        print("∂J/∂w_kj의 부호가 반대다. 민감도 δ_k를 보라.")
    elif not near(dJ_dw_kj, true_kj):
        print("∂J/∂w_kj가 틀렸다. 4절의 식과 한 줄씩 견주어 보라.")
    elif not near(dJ_dw_ji, true_ji):
        print("∂J/∂w_kj는 맞다. ∂J/∂w_ji가 틀렸다. 오류는 그 사이의 한 줄에 있다.")
    else:
        print("맞다. 두 오류를 모두 찾았다.")


# %% [markdown]
# ### 연습 1. 다른 활성화 함수
#
# 쌍곡 탄젠트 tanh를 활성화 함수로 쓰려면 도함수를 알아야 한다. numpy에서는 `np.tanh(u)`라고 쓴다.

# %%
def tanh_prime(u):
    return ...


check_tanh(tanh_prime)

# %% [markdown]
# <details markdown="1"><summary>풀이</summary>
#
# 시그모이드처럼 함숫값만으로 쓸 수 있다.
#
# $$
# f(u) := \tanh(u)
# $$
#
# $$
# f'(u) = 1 - f(u)^2
# $$
#
# 코드로는 `return 1 - np.tanh(u) ** 2`다.
#
# </details>

# %% [markdown]
# ### 연습 2. 편향
#
# 출력층의 순입력에 유닛마다 편향을 하나씩 더한다면 목적 함수를 그 편향으로 미분한 것은 무엇인가? 위에서 계산한 `delta_k`로 써 보라. 모양은 (c,)가 되어야 한다.

# %%
dJ_db_k = ...

check_bias(dJ_db_k)


# %% [markdown]
# <details markdown="1"><summary>풀이</summary>
#
# 순입력을 고쳐 쓴다.
#
# $$
# \mathrm{net}_{pk} := \sum_{j=1}^{d} y_{pj} \, w_{kj} + b_k
# $$
#
# 편향은 순입력에 그대로 더해지므로 비율은 1이다. 남는 것은 예에 대한 합이다.
#
# $$
# \frac{\partial \mathrm{net}_{pk}}{\partial b_k} = 1
# $$
#
# $$
# \frac{\partial J}{\partial b_k} = \sum_{p=1}^{N} \delta_{pk}
# $$
#
# 가중치의 식은 그대로다.
#
# $$
# \frac{\partial J}{\partial w_{kj}} = \sum_{p=1}^{N} \delta_{pk} \, y_{pj}
# $$
#
# 코드로는 `dJ_db_k = np.einsum("pk->k", delta_k)`다. `delta_k.sum(axis=0)`이라고 써도 같다.
#
# </details>

# %% [markdown]
# ### 연습 3. 오류 찾기
#
# 아래 함수에는 오류가 두 개 있다. 고치고 다시 실행해 보라. 둘 다 모양은 맞는다.

# %%
def backward_with_slips(x, t, w_kj, net_j, y, net_k, z):
    N = len(x)
    delta_k = 1 / N * (t - z) * f_prime(net_k)
    dJ_dw_kj = np.einsum("pk,pj->kj", delta_k, y)
    delta_j = f(net_j) * np.einsum("pk,kj->pj", delta_k, w_kj)
    dJ_dw_ji = np.einsum("pj,pi->ji", delta_j, x)
    return dJ_dw_kj, dJ_dw_ji


check_backward(backward_with_slips)

# %% [markdown]
# <details markdown="1"><summary>풀이</summary>
#
# 첫째, `t - z`는 `z - t`여야 한다. 목적 함수를 미분할 때 괄호 안에서 나오는 음의 부호를 잊었다. 이대로 가르치면 언덕을 올라간다.
#
# 둘째, `f(net_j)`는 `f_prime(net_j)`여야 한다. 순입력이 조금 바뀔 때 출력이 얼마나 바뀌는지는 함숫값이 아니라 도함수가 말해 준다.
#
# </details>
#
# ## 다음에 읽을 것
#
# `np.einsum`의 글자를 행렬의 곱으로 바꾸면 코드가 짧아지고 빨라진다. 그때 왜 전치가 나오는지는 [행렬과 전치](../matrices.md)에 있다.
