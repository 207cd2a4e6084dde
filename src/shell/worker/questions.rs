//! Asks the vendor what the form or the sign-in wants to know, beside the lists: nothing of it is kept.

use tokio::sync::mpsc::WeakSender;

use crate::app::{Event, Question};
use crate::courier::Order;
use crate::domain::failure::Failure;
use crate::shell::Answers;
use crate::vendor::Adapter;

/// The answer where the vendor cannot be asked.
pub fn refused(question: &Question, failure: Failure) -> Event {
    match *question {
        Question::Choices { call, field, .. } => Event::ChoicesLoaded {
            call,
            field,
            result: Err(failure),
        },
        Question::Patients { call, .. } => Event::PatientsFound {
            call,
            result: Err(failure),
        },
        Question::SendCode { call, .. } | Question::ConfirmCode { call, .. } => {
            Event::CodeAnswered {
                call,
                result: Err(failure),
            }
        }
        Question::Terms { call, .. } => Event::TermsLoaded {
            call,
            result: Err(failure),
        },
        Question::Day { call, .. } => Event::DayLoaded {
            call,
            result: Err(failure),
        },
        Question::SignIn(_) => Event::SignInAnswered(Err(failure)),
        Question::ResendSignInCode => Event::SignInCodeSent(Err(failure)),
    }
}

/// Asks, and answers the console. A sign-in that succeeds is told to the courier, which waited for it.
pub async fn ask(
    question: Question,
    adapter: Result<&dyn Adapter, Failure>,
    courier: Option<WeakSender<Order>>,
    answers: Answers,
) {
    let event = match adapter {
        Ok(adapter) => answer(question, adapter).await,
        Err(failure) => refused(&question, failure),
    };
    if matches!(event, Event::SignInAnswered(Ok(())))
        && let Some(orders) = courier.and_then(|orders| orders.upgrade())
    {
        // A courier that takes nothing now tries again by itself.
        let _ = orders.try_send(Order::SignedIn);
    }
    // A console that has gone needs no answer.
    let _ = answers.send(event).await;
}

async fn answer(question: Question, adapter: &dyn Adapter) -> Event {
    match question {
        Question::Choices {
            call,
            field,
            context,
        } => Event::ChoicesLoaded {
            call,
            field,
            result: adapter.choices(field, &context).await,
        },
        Question::Patients { call, context } => Event::PatientsFound {
            call,
            result: adapter.find_patients(&context).await,
        },
        Question::SendCode {
            call,
            context,
            before,
        } => Event::CodeAnswered {
            call,
            result: adapter.send_code(&context, before).await,
        },
        Question::ConfirmCode {
            call,
            session,
            code,
        } => Event::CodeAnswered {
            call,
            result: adapter.confirm_code(session, code.0).await,
        },
        Question::Terms { call, subject } => Event::TermsLoaded {
            call,
            result: adapter.terms(&subject).await,
        },
        Question::Day { call, day } => Event::DayLoaded {
            call,
            result: adapter.day_list(day).await,
        },
        Question::SignIn(code) => Event::SignInAnswered(adapter.confirm_sign_in(code.0).await),
        Question::ResendSignInCode => Event::SignInCodeSent(adapter.resend_sign_in_code().await),
    }
}
