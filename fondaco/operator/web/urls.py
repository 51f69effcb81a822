"""The operator's pages about the installation."""

from django.urls import path

from fondaco.operator.web import views

app_name = "operator"
urlpatterns = [
    path("operator/", views.home, name="home"),
    path("operator/tasks/", views.tasks, name="tasks"),
    path("operator/tasks/<str:key>/retry/", views.retry, name="task_retry"),
    path("operator/tasks/<str:key>/discard/", views.discard, name="task_discard"),
]
